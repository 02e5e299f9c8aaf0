using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a bridge, which cannot be assigned.</summary>
internal sealed class DeviceIsBridge : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceIsBridge,
            Severity = FindingSeverity.Error,
            Title = "the device is a bridge",
            Meaning =
                "Only endpoints can be assigned to a guest. libvirt says: internal error: Non-endpoint PCI devices cannot be "
                + "assigned to guests.",
            Detection = "The class of the device: a PCI, host or CardBus bridge.",
            Remedy = "Choose a function behind it. The bridge stays with the host, also in a shared group, which is harmless.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(HostDrivers.IsBridge))
        {
            yield return FindingFactory.Of(
                [device.Address],
                FindingIds.DeviceIsBridge,
                FindingSeverity.Error,
                $"{device.Address} is a bridge; only endpoints can be assigned to a guest",
                "choose a function behind it",
                new Evidence($"/sys/bus/pci/devices/{device.Address}/class", $"0x{device.ClassCode}"));
        }
    }
}
