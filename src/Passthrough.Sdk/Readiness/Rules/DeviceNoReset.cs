using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The kernel knows no way to reset the device: the next guest may find it as the last one left it.</summary>
internal sealed class DeviceNoReset : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceNoReset,
            Severity = FindingSeverity.Warning,
            Title = "the kernel knows no way to reset the device",
            Meaning =
                "The next guest gets the device as the last one left it: it may not start a second time, and memory of one guest can "
                + "reach the next.",
            Detection = "reset_method of the device is there and empty. Kernels before 5.15 have no such file; nothing is said there.",
            Remedy =
                "Test a second start of the guest. Where it fails only a reboot of the host resets the device; for some models there "
                + "are kernel modules that know a way (vendor-reset).",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => !HostDrivers.IsBridge(device) && device.Details?.Configuration?.IsUnresponsive != true && device.Details?.ResetMethods is { IsEmpty: true }))
        {
            yield return FindingFactory.Of(
                FindingIds.DeviceNoReset,
                FindingSeverity.Warning,
                $"the kernel knows no way to reset {device.Address}: it may not start a second time, and memory of one guest may reach the next",
                "test a second start of the guest; where it fails, only a reboot of the host resets the device",
                new Evidence($"/sys/bus/pci/devices/{device.Address}/reset_method", "empty"));
        }
    }
}
