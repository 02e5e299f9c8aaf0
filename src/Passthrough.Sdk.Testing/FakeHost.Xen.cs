using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <content>Xen's pciback, with the lists that it keeps of devices.</content>
public sealed partial class FakeHost
{
    internal const string XenDriver = "pciback";

    private const string Slots = "slots";
    private const string Permissive = "permissive";

    /// <summary>
    /// Writes to a file of pciback. It adds the address of each device that it takes to its slots, and keeps it there until somebody removes it
    /// (kernel: drivers/xen/xen-pciback/pci_stub.c).
    /// </summary>
    internal int WriteXenDriver(string file, string text) => !PciAddress.TryParse(text, out var address) ? Errno.Invalid : file switch
    {
        "new_slot" => ListForXen(Slots, address.ToString()),
        "remove_slot" => UnlistForXen(Slots, address.ToString()),
        Permissive => DriverOf(address) == XenDriver ? ListForXen(Permissive, address.ToString()) : Errno.NoDevice,
        _ => Errno.NotFound,
    };

    private string[] ListedByXen(string file) =>
        Exists($"/sys/bus/pci/drivers/{XenDriver}/{file}") ? ReadText($"/sys/bus/pci/drivers/{XenDriver}/{file}").Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    private int ListForXen(string file, string device)
    {
        WriteXenList(file, ListedByXen(file).Append(device).Distinct());
        return Errno.Success;
    }

    private int UnlistForXen(string file, string device)
    {
        var listed = ListedByXen(file);
        if (!listed.Contains(device))
        {
            return Errno.NotFound;
        }

        WriteXenList(file, listed.Where(other => other != device));
        return Errno.Success;
    }

    private void WriteXenList(string file, IEnumerable<string> devices) =>
        WriteFile($"/sys/bus/pci/drivers/{XenDriver}/{file}", string.Concat(devices.Select(device => $"{device}\n")));
}
