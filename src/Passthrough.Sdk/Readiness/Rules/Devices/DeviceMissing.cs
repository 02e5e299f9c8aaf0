using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that does not exist.</summary>
internal sealed class DeviceMissing : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceNotFound,
            Severity = FindingSeverity.Error,
            Title = "the host has no such PCI function",
            Meaning =
                "libvirt says: Device ADDRESS not found: could not access /sys/bus/pci/devices/ADDRESS/config: No such file or "
                + "directory. Addresses change when a card is moved, added or removed, because the buses behind it are renumbered.",
            Detection = "/sys/bus/pci/devices has no such entry.",
            Remedy = "Find the device by its name in the list of functions, and correct the address in the domain.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses.Where(address => !context.Snapshot.Devices.TryGet(address, out _) && DeviceMoved.Judge(context, address) is null))
        {
            yield return FindingFactory.Of(
                [address],
                FindingIds.DeviceNotFound,
                FindingSeverity.Error,
                $"the host has no PCI function {address}",
                "choose a function that the host has (HostSnapshot.Devices, lspci -D); addresses can change when a card is moved, added or removed",
                new Evidence($"/sys/bus/pci/devices/{address}", "absent"));
        }
    }
}
