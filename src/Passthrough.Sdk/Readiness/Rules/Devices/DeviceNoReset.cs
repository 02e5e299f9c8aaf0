using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that the kernel cannot reset: the next guest may get it in the state in which the last one left it.</summary>
internal sealed class DeviceNoReset : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceNoReset,
            Severity = FindingSeverity.Warning,
            Title = "the kernel has no method to reset the device",
            Meaning =
                "The next guest gets the device in the state in which the last one left it. It may not start a second time, and "
                + "memory of one guest can leak to the next.",
            Detection = "reset_method of the device exists and is empty. Kernels before 5.15 do not have this file; nothing is reported there.",
            Remedy =
                "Test a second start of the guest. If it fails, only a reboot of the host resets the device. For some models "
                + "there are kernel modules that can reset them (vendor-reset).",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => !HostDrivers.IsBridge(device) && device.Details?.Configuration?.IsUnresponsive != true && device.Details?.ResetMethods is { IsEmpty: true }))
        {
            yield return FindingFactory.Of(
                [device.Address],
                FindingIds.DeviceNoReset,
                FindingSeverity.Warning,
                $"the kernel has no method to reset {device.Address}: it may not start a second time, and memory of one guest may leak to the next",
                "test a second start of the guest; if it fails, only a reboot of the host resets the device",
                new Evidence($"/sys/bus/pci/devices/{device.Address}/reset_method", "empty"));
        }
    }
}
