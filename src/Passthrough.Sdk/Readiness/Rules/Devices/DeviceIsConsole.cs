using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device whose memory the kernel's console uses.</summary>
internal sealed class DeviceIsConsole : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceIsConsoleFramebuffer,
            Severity = FindingSeverity.Warning,
            Title = "the kernel's console uses the device's memory",
            Meaning =
                "The screen goes dark when the device is assigned. Kernels before 6.0 do not release the memory either: vfio-pci "
                + "0000:01:00.0: BAR 0: can't reserve [mem ...], and the guest's screen stays black (then the finding is an error).",
            Detection =
                "BOOTFB, efifb, simple-framebuffer and similar entries within the device's ranges in /proc/iomem; the frame "
                + "buffers in /sys/class/graphics, and whether a console is bound to them in /sys/class/vtconsole. Unknown if these "
                + "cannot be read.",
            Remedy =
                "Make sure that you have other access. Start the machine with another display as the primary one. On old kernels, "
                + "also try video=efifb:off or initcall_blacklist=sysfb_init, which do not help on every machine.",
        },
    ];

    private static readonly Version FirstThatLetsGo = new(6, 0);

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices)
        {
            var usage = context.System.Usage[device.Address];
            var version = VersionOf(context.System.Kernel.Release.Value);
            if (usage.BootFramebuffers is { IsKnown: true, Value: { IsEmpty: false } held })
            {
                var keeps = context.NeedsVfio && version is not null && version < FirstThatLetsGo;
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.DeviceIsConsoleFramebuffer,
                    keeps ? FindingSeverity.Error : FindingSeverity.Warning,
                    $"the firmware's frame buffer ({string.Join(", ", held)}) occupies memory of {device.Address}"
                    + (keeps ? ", and this kernel does not release it: BAR can't reserve" : "; its screen goes dark when it is assigned"),
                    keeps
                        ? "start the machine with another display as the primary one, add video=efifb:off or initcall_blacklist=sysfb_init, or use a kernel from 6.0 on"
                        : "make sure that you have other access (ssh, a serial console), or start the machine with another display as the primary one",
                    new Evidence(usage.BootFramebuffers.Source, string.Join(", ", held)));
            }
            else if (usage is { IsConsole: { IsKnown: true, Value: true }, Framebuffers: { IsKnown: true, Value: { IsEmpty: false } buffers } })
            {
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.DeviceIsConsoleFramebuffer,
                    FindingSeverity.Warning,
                    $"the kernel's console uses {string.Join(", ", buffers)} of {device.Address}; it goes dark when the device is assigned",
                    "make sure that you have other access (ssh, a serial console), or unbind the console first: echo 0 > /sys/class/vtconsole/vtcon1/bind",
                    new Evidence(usage.Framebuffers.Source, string.Join(", ", buffers)),
                    usage.IsConsole.ToEvidence());
            }
            else if (device.ClassCode is { IsDisplay: true } && (usage.IsConsole.IsUnknown || usage.Framebuffers.IsUnknown) && usage.BootFramebuffers.IsUnknown)
            {
                yield return FindingFactory.Undetermined(
                    [device.Address],
                    FindingIds.DeviceIsConsoleFramebuffer,
                    $"whether the console uses {device.Address}",
                    usage.BootFramebuffers,
                    context.NeedsVfio && (version is null || version < FirstThatLetsGo) ? FindingSeverity.Error : FindingSeverity.Warning);
            }
        }
    }

    // 6.1.0-56-amd64
    private static Version? VersionOf(string? release) =>
        release?.Split('.', '-') is [var major, var minor, ..] && Version.TryParse($"{major}.{minor}", out var version) ? version : null;
}
