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
internal sealed record HostPicture(string? Driver, string DriverOverride, string Definition, bool IsLive, string Journal)
{
    public static HostPicture Of(PciAddress device, LabDomain vm) => new(
        Device.DriverOf(device),
        File.ReadAllText($"/sys/bus/pci/devices/{device}/driver_override").Trim(),
        vm.Definition,
        vm.Domain.IsActive() && DomainDocument.Parse(vm.Domain.GetXml()).FindPciDevice(device) is not null,
        Entries());

    /// <summary>The names of the journal's entries.</summary>
    public static string Entries()
    {
        var directory = new PlanOptions().JournalDirectory;
        return Directory.Exists(directory) ? string.Join(' ', Directory.GetFiles(directory, "*.json").Select(Path.GetFileName)) : "";
    }
}
