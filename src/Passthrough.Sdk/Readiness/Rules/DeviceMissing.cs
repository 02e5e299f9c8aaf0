namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The device is not there.</summary>
internal sealed class DeviceMissing : IReadinessRule
{
    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses.Where(address => !context.Snapshot.Devices.TryGet(address, out _)))
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
