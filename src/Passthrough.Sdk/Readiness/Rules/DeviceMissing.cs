using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The device is not there.</summary>
internal sealed class DeviceMissing : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceNotFound,
            Severity = FindingSeverity.Error,
            Title = "the host has no such PCI function",
            Meaning =
                "libvirt says: Device ADDRESS not found: could not access /sys/bus/pci/devices/ADDRESS/config: No such file or "
                + "directory. Addresses change when a card is moved, added or taken out, since the buses behind it are counted anew.",
            Detection = "/sys/bus/pci/devices has no such entry.",
            Remedy = "Look for the device in the list of functions by its name; correct the address in the domain.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses.Where(address => !context.Snapshot.Devices.TryGet(address, out _) && DeviceMoved.Judge(context, address) is null))
        {
            yield return FindingFactory.Of(
                FindingIds.DeviceNotFound,
                FindingSeverity.Error,
                $"the host has no PCI function {address}",
                "choose one that passthrough list shows; a card that was moved to another slot, or one that was added or taken out, can change addresses",
                new Evidence($"/sys/bus/pci/devices/{address}", "absent"));
        }
    }
}
