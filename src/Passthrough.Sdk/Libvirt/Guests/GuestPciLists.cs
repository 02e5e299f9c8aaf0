using System.Globalization;
using System.Text.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt.Guests;

/// <summary>Reads the lists of PCI devices that guests have. A guest may write anything, so everything that is not as expected is refused.</summary>
internal static class GuestPciLists
{
    /// <summary>Prints a line for each function: its address, vendor, device, and the driver, if there is one.</summary>
    public const string Script =
        "cd /sys/bus/pci/devices || exit 1; for d in *; do [ -r \"$d/vendor\" ] || continue; read -r v <\"$d/vendor\"; read -r p <\"$d/device\"; "
        + "l=$(readlink \"$d/driver\"); echo \"$d $v $p ${l##*/}\"; done";

    /// <summary>The vendors whose devices the agent on Windows lists (QEMU: qga/commands-win32.c, DEVICE_PCI_RE).</summary>
    public static readonly ValueList<ushort> VendorsOnWindows = [0x1af4, 0x1b36];

    /// <summary>Where a kernel names the driver of a device that has none, but whose registers something has claimed.</summary>
    private const string NoDriver = "compat";

    private const int Most = 4096;

    /// <summary>Reads <c>/proc/bus/pci/devices</c> (kernel: drivers/pci/proc.c): bus, slot and function; ids; interrupt, BARs; driver.</summary>
    /// <exception cref="PassthroughException">The text is not such a list.</exception>
    public static ValueList<GuestPciDevice> ReadProc(string text) => ReadLines(text, line =>
    {
        const int Driver = 17;
        var fields = line.Split('\t');
        return fields.Length > Driver && fields[1].Length == 8
            && ushort.TryParse(fields[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var place)
            && uint.TryParse(fields[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ids)
            ? Device(new PciAddress(0, (byte)(place >> 8), (byte)((place >> 3) & 0x1f), (byte)(place & 7)), (ushort)(ids >> 16), (ushort)(ids & 0xffff), fields[Driver])
            : null;
    });

    /// <summary>Reads what <see cref="Script"/> prints.</summary>
    /// <exception cref="PassthroughException">The text is not such a list.</exception>
    public static ValueList<GuestPciDevice> ReadSysfs(string text) => ReadLines(text, line =>
    {
        var fields = line.Split(' ');
        return fields.Length is 3 or 4 && PciAddress.TryParse(fields[0], out var address) && Id(fields[1]) is { } vendor && Id(fields[2]) is { } device
            ? Device(address, vendor, device, fields.Length == 4 ? fields[3] : "")
            : null;
    });

    /// <summary>Reads the answer to <c>guest-get-devices</c>.</summary>
    /// <exception cref="PassthroughException">It is not such a list.</exception>
    public static ValueList<GuestPciDevice> ReadWindows(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Array || answer.GetArrayLength() > Most)
        {
            throw NotUnderstood(answer.GetRawText());
        }

        var devices = new List<GuestPciDevice>();
        foreach (var element in answer.EnumerateArray())
        {
            var id = GuestAnswer.Find(element, "id") ?? default;
            if (GuestAnswer.Id(id, "vendor-id") is { } vendor && GuestAnswer.Id(id, "device-id") is { } device)
            {
                devices.Add(Device(null, vendor, device, GuestAnswer.Text(element, "driver-name") ?? ""));
            }
        }

        return [.. devices];
    }

    private static ValueList<GuestPciDevice> ReadLines(string text, Func<string, GuestPciDevice?> read)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length <= Most
            ? [.. lines.Select(line => read(line) ?? throw NotUnderstood(line))]
            : throw NotUnderstood(text);
    }

    private static GuestPciDevice Device(PciAddress? address, ushort vendor, ushort device, string driver) =>
        new(vendor, device) { Address = address, Driver = driver.Trim() is { Length: > 0 } and not NoDriver and var name ? GuestAgent.Printable(name) : null };

    private static ushort? Id(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && ushort.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static PassthroughException NotUnderstood(string text) => new($"the guest's list of PCI devices cannot be understood: {GuestAgent.Printable(text)}");
}
