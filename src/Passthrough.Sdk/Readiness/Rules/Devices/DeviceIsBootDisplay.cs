using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>
/// Reports the boot display, which the firmware and the kernel's console use: the operator's screen goes dark when it is
/// assigned, and nobody but the operator knows whether another way in exists.
/// </summary>
internal sealed class DeviceIsBootDisplay : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceIsBootDisplay,
            Severity = FindingSeverity.Error,
            Title = "the device is the display that the machine booted with",
            Meaning =
                "Its screen, with the kernel's console, goes dark when the device is assigned; on many machines that is the only "
                + "screen. Its ROM is a copy that the firmware has modified, and some guests cannot start from it. The finding is "
                + "a warning if a driver for guests has the device already, because the screen is dark by then.",
            Detection = "boot_vga of the device in /sys/bus/pci/devices.",
            Remedy =
                "Make sure that you have other access (ssh, a serial console), then accept the finding by its id; or choose "
                + "another display as the primary one in the firmware's set-up. If the guest's screen stays dark, give it a ROM file that was read while another display "
                + "was the primary one.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => device.Details?.IsBootVga == true))
        {
            var isTaken = HostDrivers.IsForGuests(device.Driver);
            yield return FindingFactory.Of(
                [device.Address],
                FindingIds.DeviceIsBootDisplay,
                isTaken ? FindingSeverity.Warning : FindingSeverity.Error,
                isTaken
                    ? $"{device.Address} is the display that the machine booted with; its ROM was modified by the firmware"
                    : $"{device.Address} is the display that the machine booted with; its screen goes dark when it is assigned",
                isTaken
                    ? "if the guest's screen stays dark, give it a ROM file that was read while another display was the primary one"
                    : $"make sure that you have other access (ssh, a serial console), then accept {FindingIds.DeviceIsBootDisplay}; or choose another display as the primary one in the firmware's set-up",
                new Evidence($"/sys/bus/pci/devices/{device.Address}/boot_vga", "1"));
        }
    }
}
