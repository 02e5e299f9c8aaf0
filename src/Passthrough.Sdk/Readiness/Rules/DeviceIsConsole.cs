using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The kernel's console draws into the device's memory.</summary>
internal sealed class DeviceIsConsole : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceIsConsoleFramebuffer,
            Severity = FindingSeverity.Warning,
            Title = "the kernel's console draws into the device's memory",
            Meaning =
                "The screen goes dark when the device is given away. Kernels before 6.0 do not let go of the memory either: vfio-pci "
                + "0000:01:00.0: BAR 0: can't reserve [mem ...], and a guest that stays black (then it is an error).",
            Detection =
                "BOOTFB, efifb, simple-framebuffer and their like within the device's ranges in /proc/iomem; the frame buffers in "
                + "/sys/class/graphics and whether a console is bound to them in /sys/class/vtconsole. Unknown where these cannot be "
                + "read.",
            Remedy =
                "Have another way in. Start the machine with another display as the primary one; on old kernels also video=efifb:off "
                + "or initcall_blacklist=sysfb_init, which do not help everywhere.",
        },
    ];

    private static readonly Version FirstThatLetsGo = new(6, 0);

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices)
        {
            var usage = context.System.Usage[device.Address];
            if (usage.BootFramebuffers is { IsKnown: true, Value: { IsEmpty: false } held })
            {
                var keeps = context.NeedsVfio && VersionOf(context.System.Kernel.Release.Value) is { } version && version < FirstThatLetsGo;
                yield return FindingFactory.Of(
                    FindingIds.DeviceIsConsoleFramebuffer,
                    keeps ? FindingSeverity.Error : FindingSeverity.Warning,
                    $"the frame buffer of the firmware ({string.Join(", ", held)}) holds memory of {device.Address}"
                    + (keeps ? ", and this kernel does not take it back: BAR can't reserve" : "; its screen goes dark when it is given away"),
                    keeps
                        ? "start the machine with another display as the primary one, add video=efifb:off or initcall_blacklist=sysfb_init, or use a kernel from 6.0 on"
                        : "have another way in (ssh, a serial console), or start the machine with another display as the primary one",
                    new Evidence(usage.BootFramebuffers.Source, string.Join(", ", held)));
            }
            else if (usage is { IsConsole: { IsKnown: true, Value: true }, Framebuffers: { IsKnown: true, Value: { IsEmpty: false } buffers } })
            {
                yield return FindingFactory.Of(
                    FindingIds.DeviceIsConsoleFramebuffer,
                    FindingSeverity.Warning,
                    $"the kernel's console is drawn on {string.Join(", ", buffers)} of {device.Address}; it goes dark when it is given away",
                    "have another way in (ssh, a serial console), or unbind the console first: echo 0 > /sys/class/vtconsole/vtcon1/bind",
                    new Evidence(usage.Framebuffers.Source, string.Join(", ", buffers)),
                    usage.IsConsole.ToEvidence());
            }
            else if (device.ClassCode is { BaseClass: 3 } && (usage.IsConsole.IsUnknown || usage.Framebuffers.IsUnknown) && usage.BootFramebuffers.IsUnknown)
            {
                yield return FindingFactory.Undetermined(
                    FindingIds.DeviceIsConsoleFramebuffer, $"whether the console is drawn on {device.Address}", usage.BootFramebuffers);
            }
        }
    }

    // 6.1.0-56-amd64
    private static Version? VersionOf(string? release) =>
        release?.Split('.', '-') is [var major, var minor, ..] && Version.TryParse($"{major}.{minor}", out var version) ? version : null;
}
