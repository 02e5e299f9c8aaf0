using System.Collections.Immutable;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The processors cannot run guests at their own speed; emulated ones work all the same.</summary>
internal sealed class CpuVirtualization : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.CpuVirtualizationDisabledByFirmware,
            Severity = FindingSeverity.Warning,
            Title = "the firmware switched the virtualisation of the processors off",
            Meaning =
                "Guests of QEMU are emulated, many times slower; a device can be given to them all the same. VT-x and AMD-V are not "
                + "VT-d and AMD-Vi: the firmware has a switch for each.",
            Detection =
                "The kernel's log (VMX (outside TXT) disabled by BIOS, SVM disabled (by BIOS) and their older forms), and no "
                + "/dev/kvm. Without the log the same is reported as cpu.virtualization-missing.",
            Remedy =
                "Enable VT-x, Intel Virtualization Technology, SVM or AMD-V in the firmware's set-up, and switch the machine off "
                + "once: some firmwares lock the setting until then.",
        },
        new()
        {
            Id = FindingIds.CpuVirtualizationMissing,
            Severity = FindingSeverity.Warning,
            Title = "the processors have no virtualisation, or do not show it",
            Meaning =
                "Without vmx (Intel), svm (AMD) or /dev/kvm guests of QEMU are emulated, many times slower; a device can be given to "
                + "them all the same. A fully virtualised guest of Xen cannot run at all (then it is an error); a paravirtualised one "
                + "needs none of it.",
            Detection =
                "The flags in /proc/cpuinfo, which kernels since 5.6 drop where the firmware locked it off, and /dev/kvm; under Xen "
                + "the word hvm in /sys/hypervisor/properties/capabilities. Unknown on machines whose processors do not say it, without "
                + "/dev/kvm.",
            Remedy =
                "Enable VT-x or AMD-V in the firmware's set-up; in a virtual machine let its host pass it on (nested virtualisation, "
                + "a CPU model that has it).",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context) => context.Guest switch
    {
        GuestKind.Qemu when !context.IsDom0 => CheckKvm(context.System.Cpu, context.System.Environment.Hypervisor),
        GuestKind.XenHvm when context.IsDom0 => CheckXen(context.System.Environment.Xen.Capabilities),
        _ => [],
    };

    private static IEnumerable<Finding> CheckKvm(CpuInfo cpu, Fact<HypervisorKind> hypervisor)
    {
        if (cpu.Kvm.IsKnown || cpu.HasVirtualization.IsAbsent)
        {
            yield break;
        }

        if (cpu.DisabledByFirmware.IsKnown)
        {
            yield return FindingFactory.Of(
                FindingIds.CpuVirtualizationDisabledByFirmware,
                FindingSeverity.Warning,
                "the firmware switched the processors' virtualisation off: guests are emulated, and slow",
                "enable VT-x, SVM or AMD-V in the firmware's set-up and switch the machine off once; devices can be given to emulated guests all the same",
                cpu.DisabledByFirmware.ToEvidence(),
                cpu.Kvm.ToEvidence());
        }
        else if (cpu.HasVirtualization.IsUnknown)
        {
            yield return FindingFactory.Undetermined(FindingIds.CpuVirtualizationMissing, "whether guests run at the processors' speed", cpu.HasVirtualization);
        }
        else if (!cpu.HasVirtualization.Value)
        {
            yield return FindingFactory.Of(
                FindingIds.CpuVirtualizationMissing,
                FindingSeverity.Warning,
                "the processors show no virtualisation (vmx, svm): guests are emulated, and slow",
                hypervisor is { IsKnown: true, Value: not HypervisorKind.None }
                    ? "this is a virtual machine: let its host pass virtualisation on; devices can be given to emulated guests all the same"
                    : "enable VT-x or AMD-V in the firmware's set-up; devices can be given to emulated guests all the same",
                new Evidence(cpu.HasVirtualization.Source, "neither vmx nor svm"),
                cpu.Kvm.ToEvidence());
        }
    }

    private static IEnumerable<Finding> CheckXen(Fact<string> capabilities)
    {
        if (!capabilities.IsKnown)
        {
            yield return FindingFactory.Undetermined(FindingIds.CpuVirtualizationMissing, "whether Xen can run fully virtualised guests", capabilities);
        }
        else if (!capabilities.Value!.Contains("hvm", StringComparison.Ordinal))
        {
            yield return FindingFactory.Of(
                FindingIds.CpuVirtualizationMissing,
                FindingSeverity.Error,
                "Xen runs no fully virtualised guests here: the processors show no VT-x or AMD-V",
                "enable VT-x or AMD-V in the firmware's set-up, or make it a paravirtualised guest (type PV), which needs neither",
                capabilities.ToEvidence());
        }
    }
}
