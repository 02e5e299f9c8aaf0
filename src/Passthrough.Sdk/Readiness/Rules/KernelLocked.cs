using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a kernel that is locked down, so that even root cannot access registers directly. VFIO works.</summary>
internal sealed class KernelLocked : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.KernelLockdown,
            Severity = FindingSeverity.Warning,
            Title = "the kernel is locked down, even for root (lockdown)",
            Meaning =
                "VFIO and QEMU work. Programs that write to a device's registers directly do not work: setpci, tools that reset a "
                + "device themselves, Xen's tools where they reset a device, and modules without a signature such as vendor-reset. "
                + "The kernel's log then contains: Lockdown: NAME: direct PCI access is restricted.",
            Detection =
                "/sys/kernel/security/lockdown. Many distributions enable lockdown with Secure Boot. The file does not exist if "
                + "the kernel does not support lockdown or securityfs is not mounted.",
            Remedy =
                "For VFIO alone, nothing has to be done. Otherwise sign the module, or switch Secure Boot off and remove "
                + "lockdown= from the kernel's parameters.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var lockdown = context.System.Kernel.Lockdown;
        if (lockdown.IsUnknown && lockdown.Source.Length > 0)
        {
            yield return FindingFactory.UndeterminedOfHost(FindingIds.KernelLockdown, "whether the kernel is locked down", lockdown, FindingSeverity.Warning);
        }
        else if (lockdown.Value != Kernel.KernelLockdown.None)
        {
            yield return FindingFactory.OfHost(
                FindingIds.KernelLockdown,
                context.NeedsVfio ? FindingSeverity.Info : FindingSeverity.Warning,
                $"the kernel is locked down, even for root ({lockdown.Value.ToString().ToLowerInvariant()}): VFIO works, but direct access to registers and unsigned modules do not",
                "for VFIO nothing has to be done; for an unsigned module or a tool that writes registers, sign the module, or switch Secure Boot off and remove lockdown=",
                lockdown.ToEvidence(),
                context.System.Kernel.SecureBoot.ToEvidence());
        }
    }
}
