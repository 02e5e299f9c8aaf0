using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The firmware and the kernel's console draw on the device: the operator's screen goes dark with it.</summary>
internal sealed class DeviceIsBootDisplay : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceIsBootDisplay,
            Severity = FindingSeverity.Warning,
            Title = "the device is the display that the machine booted with",
            Meaning =
                "Its screen goes dark when it is given away, the kernel's console with it; its ROM is a copy that the firmware has "
                + "been at work on, which some guests cannot start from.",
            Detection = "boot_vga of the device in /sys/bus/pci/devices.",
            Remedy =
                "Have another way in (ssh, a serial console), or choose another display as the primary one in the firmware's set-up. "
                + "For a guest that stays dark, give it a ROM file that was read while another display was the primary one.",
        },
    ];

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
