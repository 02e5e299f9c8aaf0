namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The kernel knows no way to reset the device: the next guest may find it as the last one left it.</summary>
internal sealed class DeviceNoReset : IReadinessRule
{
    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => !HostDrivers.IsBridge(device) && device.Details?.ResetMethods is { IsEmpty: true }))
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
