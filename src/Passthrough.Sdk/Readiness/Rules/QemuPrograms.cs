using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>There is no QEMU in the usual places.</summary>
internal sealed class QemuPrograms : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.QemuMissing,
            Severity = FindingSeverity.Warning,
            Title = "there is no QEMU that could run a guest",
            Meaning =
                "The host may be ready for passthrough and still has nothing to give a device to. libvirt says: unable to find any "
                + "emulator to serve 'x86_64' architecture. An error where libvirt was asked and says so itself; otherwise it may be in "
                + "a place that was not looked at.",
            Detection =
                "qemu-system-ARCH, qemu-kvm and kvm in /usr/bin, /usr/local/bin, /usr/libexec and the like; where libvirt was asked, "
                + "the guests in virConnectGetCapabilities. Unknown where there is no /usr/bin to look into.",
            Remedy = "Install QEMU: qemu-system-x86 (Debian, Ubuntu), qemu-kvm (Fedora, RHEL, SUSE), qemu-base (Arch).",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var programs = context.System.Emulator.Programs;
        if (context.Guest == GuestKind.XenPv || context.Libvirt?.GuestArchitectures is { IsKnown: true, Value.IsEmpty: false })
        {
            yield break;
        }

        if (context.Libvirt?.GuestArchitectures is { IsKnown: true } architectures)
        {
            yield return Of(FindingSeverity.Error, $"libvirt at {context.Libvirt.Uri} finds no emulator", new Evidence(architectures.Source, "no <guest>"), programs.ToEvidence());
        }
        else if (programs is { IsKnown: true, Value.IsEmpty: true })
        {
            yield return Of(FindingSeverity.Warning, "there is no QEMU in the usual places", new Evidence(programs.Source, "no qemu-system-*, qemu-kvm or kvm"));
        }
        else if (programs.IsUnknown && programs.Source.Length > 0)
        {
            yield return FindingFactory.Undetermined(FindingIds.QemuMissing, "whether there is a QEMU", programs);
        }
    }

    private static Finding Of(FindingSeverity severity, string title, params ReadOnlySpan<Evidence> evidence) => FindingFactory.Of(
        FindingIds.QemuMissing,
        severity,
        title,
        "install it: qemu-system-x86 (Debian, Ubuntu), qemu-kvm (Fedora, RHEL, SUSE), qemu-base (Arch)",
        evidence);
}
