using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports processors that cannot run guests at native speed. Emulated guests still work.</summary>
internal sealed class CpuVirtualization : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.CpuVirtualizationDisabledByFirmware,
            Severity = FindingSeverity.Warning,
            Title = "the firmware has disabled the processors' virtualisation",
            Meaning =
                "QEMU emulates its guests, which is many times slower. Devices can still be assigned to them. VT-x and AMD-V are "
                + "different from VT-d and AMD-Vi: the firmware has a separate switch for each.",
            Detection =
                "The kernel's log (VMX (outside TXT) disabled by BIOS, SVM disabled (by BIOS) and their older forms), and no "
                + "/dev/kvm. Without the log, the same state is reported as cpu.virtualization-missing.",
            Remedy =
                "Enable VT-x, Intel Virtualization Technology, SVM or AMD-V in the firmware's set-up, and power the machine off "
                + "once: some firmware locks the setting until then.",
        },
        new()
        {
            Id = FindingIds.CpuVirtualizationMissing,
            Severity = FindingSeverity.Warning,
            Title = "the processors have no virtualisation, or do not show it",
            Meaning =
                "Without vmx (Intel), svm (AMD) or /dev/kvm, QEMU emulates its guests, which is many times slower. Devices can "
                + "still be assigned to them. A fully virtualised Xen guest cannot run at all (then the finding is an error); a "
                + "paravirtualised one does not need virtualisation.",
            Detection =
                "The flags in /proc/cpuinfo, which kernels since 5.6 hide if the firmware has disabled virtualisation, and "
                + "/dev/kvm; under Xen the word hvm in /sys/hypervisor/properties/capabilities. Unknown if there is no /dev/kvm and "
                + "the processors do not report such flags.",
            Remedy =
                "Enable VT-x or AMD-V in the firmware's set-up. In a virtual machine, configure its host to pass virtualisation "
                + "on (nested virtualisation, a CPU model that has it).",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context) => context.Guest switch
    {
        GuestKind.Qemu when !context.IsDom0 => CheckKvm(context.System.Cpu, context.System.Environment.Hypervisor),
        GuestKind.XenHvm or GuestKind.XenPvh when context.IsDom0 => CheckXen(context.System.Environment.Xen.Capabilities),
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
            yield return FindingFactory.OfHost(
                FindingIds.CpuVirtualizationDisabledByFirmware,
                FindingSeverity.Warning,
                "the firmware has disabled the processors' virtualisation: guests are emulated and slow",
                "enable VT-x, SVM or AMD-V in the firmware's set-up and power the machine off once; devices can still be assigned to emulated guests",
                cpu.DisabledByFirmware.ToEvidence(),
                cpu.Kvm.ToEvidence());
        }
        else if (cpu.HasVirtualization.IsUnknown)
        {
            yield return FindingFactory.UndeterminedOfHost(FindingIds.CpuVirtualizationMissing, "whether guests run at native speed", cpu.HasVirtualization, FindingSeverity.Warning);
        }
        else if (!cpu.HasVirtualization.Value)
        {
            yield return FindingFactory.OfHost(
                FindingIds.CpuVirtualizationMissing,
                FindingSeverity.Warning,
                "the processors show no virtualisation (vmx, svm): guests are emulated and slow",
                hypervisor is { IsKnown: true, Value: not HypervisorKind.None }
                    ? "this is a virtual machine: configure its host to pass virtualisation on; devices can still be assigned to emulated guests"
                    : "enable VT-x or AMD-V in the firmware's set-up; devices can still be assigned to emulated guests",
                new Evidence(cpu.HasVirtualization.Source, "neither vmx nor svm"),
                cpu.Kvm.ToEvidence());
        }
    }

    private static IEnumerable<Finding> CheckXen(Fact<string> capabilities)
    {
        if (!capabilities.IsKnown)
        {
            yield return FindingFactory.UndeterminedOfHost(FindingIds.CpuVirtualizationMissing, "whether Xen can run fully virtualised guests", capabilities);
        }
        else if (!capabilities.Value!.Contains("hvm", StringComparison.Ordinal))
        {
            yield return FindingFactory.OfHost(
                FindingIds.CpuVirtualizationMissing,
                FindingSeverity.Error,
                "Xen cannot run fully virtualised guests here: the processors show no VT-x or AMD-V",
                "enable VT-x or AMD-V in the firmware's set-up, or use a paravirtualised guest (type PV), which needs neither",
                capabilities.ToEvidence());
        }
    }
}
