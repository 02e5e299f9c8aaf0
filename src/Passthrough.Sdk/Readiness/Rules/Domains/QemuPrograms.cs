using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that QEMU is not in the usual directories.</summary>
internal sealed class QemuPrograms : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.QemuMissing,
            Severity = FindingSeverity.Warning,
            Title = "no QEMU is installed that could run a guest",
            Meaning =
                "The host may be ready for passthrough, but it cannot run a guest that uses a device. libvirt says: unable to "
                + "find any emulator to serve 'x86_64' architecture. An error if libvirt was queried and reports this itself; "
                + "otherwise QEMU may be in a directory that was not checked.",
            Detection =
                "qemu-system-ARCH, qemu-kvm and kvm in /usr/bin, /usr/local/bin, /usr/libexec and similar directories; if libvirt "
                + "was queried, the guests in virConnectGetCapabilities. Unknown if there is no /usr/bin.",
            Remedy = Remedies.Sentence($"install QEMU: {Packages}; on an Arm host: {ArmPackages}"),
        },
    ];

    private const string Packages = "qemu-system-x86 (Debian, Ubuntu), qemu-kvm (Fedora, RHEL, SUSE), qemu-base (Arch)";
    private const string ArmPackages = "qemu-system-arm (Debian, Ubuntu), qemu-kvm (Fedora, RHEL), qemu-arm (SUSE), qemu-system-aarch64 (Arch)";

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var programs = context.System.Emulator.Programs;
        if (context.Guest is GuestKind.XenPv or GuestKind.XenPvh || context.Libvirt?.GuestArchitectures is { IsKnown: true, Value.IsEmpty: false })
        {
            yield break;
        }

        if (context.Libvirt?.GuestArchitectures is { IsKnown: true } architectures)
        {
            yield return Of(context, FindingSeverity.Error, $"libvirt at {context.Libvirt.Uri} finds no emulator", new Evidence(architectures.Source, "no <guest>"), programs.ToEvidence());
        }
        else if (programs is { IsKnown: true, Value.IsEmpty: true })
        {
            yield return Of(context, FindingSeverity.Warning, "QEMU is not in the usual directories", new Evidence(programs.Source, "no qemu-system-*, qemu-kvm or kvm"));
        }
        else if (programs.IsUnknown && programs.Source.Length > 0)
        {
            yield return FindingFactory.UndeterminedOfHost(FindingIds.QemuMissing, "whether QEMU is installed", programs, FindingSeverity.Warning);
        }
    }

    private static Finding Of(ReadinessContext context, FindingSeverity severity, string title, params ReadOnlySpan<Evidence> evidence) => FindingFactory.OfHost(
        FindingIds.QemuMissing,
        severity,
        title,
        $"install it: {(context.System.Cpu.Architecture.Value is "aarch64" or "arm" ? ArmPackages : Packages)}",
        evidence);
}
