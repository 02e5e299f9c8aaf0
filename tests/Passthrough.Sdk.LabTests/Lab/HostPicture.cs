using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests.Lab;

/// <summary>Everything that a plan may change, to be compared before and after. Read by ourselves, not through the code under test.</summary>
/// <param name="Driver">The device's driver; null for none.</param>
/// <param name="DriverOverride">What its <c>driver_override</c> holds.</param>
/// <param name="Definition">The domain's definition, with its secrets.</param>
/// <param name="IsLive">Whether the running domain has the device.</param>
/// <param name="Journal">The journal's entries.</param>
/// <param name="VirtualFunctions">The functions that have virtual ones, with their number.</param>
/// <param name="Mounts">What is mounted from the host's disks; each directory was read.</param>
internal sealed record HostPicture(string? Driver, string DriverOverride, string Definition, bool IsLive, string Journal, string VirtualFunctions, string Mounts)
{
    public static HostPicture Of(PciAddress device, LabDomain vm) => new(
        Device.DriverOf(device),
        File.ReadAllText($"/sys/bus/pci/devices/{device}/driver_override").Trim(),
        vm.Definition,
        vm.Domain.IsActive() && DomainDocument.Parse(vm.Domain.GetXml()).FindPciDevice(device) is not null,
        Entries(),
        string.Join(' ', Directory.GetDirectories("/sys/bus/pci/devices").Order(StringComparer.Ordinal).Select(Numbered).OfType<string>()),
        string.Join('\n', File.ReadAllLines("/proc/self/mountinfo").Select(Mounted).OfType<string>()));

    /// <summary>The names of the journal's entries.</summary>
    public static string Entries()
    {
        var directory = new PlanOptions().JournalDirectory;
        return Directory.Exists(directory) ? string.Join(' ', Directory.GetFiles(directory, "*.json").Select(Path.GetFileName)) : "";
    }

    private static string? Numbered(string function) =>
        File.Exists($"{function}/sriov_numvfs") && File.ReadAllText($"{function}/sriov_numvfs").Trim() is var number and not "0" ? $"{Path.GetFileName(function)}={number}" : null;

    private static string? Mounted(string line)
    {
        var words = line.Split(' ');
        var dash = Array.IndexOf(words, "-");
        if (!words[dash + 2].StartsWith("/dev/", StringComparison.Ordinal))
        {
            return null;
        }

        _ = Directory.GetFileSystemEntries(words[4]);
        return $"{words[4]} ({words[dash + 1]} on {words[dash + 2]})";
    }
}
