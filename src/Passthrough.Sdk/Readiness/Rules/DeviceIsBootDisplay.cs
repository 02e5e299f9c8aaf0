namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The firmware and the kernel's console draw on the device: the operator's screen goes dark with it.</summary>
internal sealed class DeviceIsBootDisplay : IReadinessRule
{
    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => device.Details?.IsBootVga == true))
        {
            yield return FindingFactory.Of(
                FindingIds.DeviceIsBootDisplay,
                FindingSeverity.Warning,
                $"{device.Address} is the display that the machine booted with; its screen goes dark when it is given away",
                "have another way in (ssh, a serial console), or choose another display as the primary one in the firmware's set-up",
                new Evidence($"/sys/bus/pci/devices/{device.Address}/boot_vga", "1"));
        }
    }
}
