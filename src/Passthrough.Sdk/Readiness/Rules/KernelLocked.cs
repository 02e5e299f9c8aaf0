using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The kernel is closed even to root. VFIO works; what goes past it does not.</summary>
internal sealed class KernelLocked : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.KernelLockdown,
            Severity = FindingSeverity.Warning,
            Title = "the kernel is closed even to root (lockdown)",
            Meaning =
                "VFIO and QEMU work. What writes to a device's registers past them does not: setpci, resets that a tool does by "
                + "itself, Xen's tools where they reset a device, and modules without a signature such as vendor-reset. The kernel's "
                + "log then has: Lockdown: NAME: direct PCI access is restricted.",
            Detection =
                "/sys/kernel/security/lockdown; Secure Boot switches it on in many distributions. Absent where the kernel has no such "
                + "thing or securityfs is not mounted.",
            Remedy =
                "Nothing, where it only has to work with VFIO. Otherwise sign the module, or switch Secure Boot off and drop "
                + "lockdown= from the kernel's parameters.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var lockdown = context.System.Kernel.Lockdown;
        if (lockdown.IsUnknown && lockdown.Source.Length > 0)
        {
            yield return FindingFactory.Undetermined(FindingIds.KernelLockdown, "whether the kernel is closed to root", lockdown);
        }
        else if (lockdown.Value != Host.Kernel.KernelLockdown.None)
        {
            yield return FindingFactory.Of(
                FindingIds.KernelLockdown,
                context.NeedsVfio ? FindingSeverity.Info : FindingSeverity.Warning,
                $"the kernel is closed even to root ({lockdown.Value.ToString().ToLowerInvariant()}): VFIO works, direct access to registers and unsigned modules do not",
                "nothing for VFIO; for an unsigned module or a tool that writes registers sign the module, or switch Secure Boot off and drop lockdown=",
                lockdown.ToEvidence(),
                context.System.Kernel.SecureBoot.ToEvidence());
        }
    }
}
