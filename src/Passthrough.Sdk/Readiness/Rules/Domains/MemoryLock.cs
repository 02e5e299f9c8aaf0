using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that an emulator that this user starts may not lock the memory of its guest.</summary>
internal sealed class MemoryLock : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.MemoryLockLimit,
            Severity = FindingSeverity.Warning,
            Title = "the limit on locked memory is smaller than a guest's memory",
            Meaning =
                "A device can access all memory of its guest, so all of it is locked. QEMU says: VFIO_MAP_DMA failed: Cannot "
                + "allocate memory; the kernel: vfio_pin_pages_remote: RLIMIT_MEMLOCK (65536) exceeded. libvirt's system daemon "
                + "raises the limit for its guests; a session's daemon, a container and your own scripts cannot. If a control group "
                + "is the limit (<hard_limit>, or that of a container), the kernel kills the emulator: Memory cgroup out of memory: "
                + "Killed process N (qemu-system-x86).",
            Detection =
                "Max locked memory in /proc/self/limits, unless the user has CAP_IPC_LOCK (/proc/self/status). A warning if a "
                + "session's libvirt was queried, else information.",
            Remedy =
                "Use qemu:///system, or raise the limit: LimitMEMLOCK=infinity in the systemd unit, memlock in "
                + "/etc/security/limits.d, --ulimit memlock=-1 for a container. In a domain, <memtune><hard_limit> must be at least "
                + "the guest's memory plus 1 GiB.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var limit = context.System.Memory.LockLimit;
        var credentials = context.System.Credentials;
        var isSession = context.Libvirt?.Uri.EndsWith("/session", StringComparison.Ordinal) == true;
        if (!context.NeedsVfio || credentials.Value?.MayLockAnyMemory == true || limit is { IsKnown: true, Value.Soft: null })
        {
            yield break;
        }

        if (limit.Value?.Soft is { } bytes && credentials.IsKnown)
        {
            if (context.System.Memory.Total is { IsKnown: true } total && bytes >= total.Value)
            {
                yield break;
            }

            yield return FindingFactory.OfHost(
                FindingIds.MemoryLockLimit,
                isSession ? FindingSeverity.Warning : FindingSeverity.Info,
                $"an emulator that this user starts may lock only {bytes >> 10} KiB, but a guest with a device locks all its memory; libvirt's system daemon raises this limit itself",
                "use qemu:///system, or raise the limit (LimitMEMLOCK= in the unit, memlock in /etc/security/limits.d)",
                new Evidence(limit.Source, $"Max locked memory {bytes} bytes"),
                new Evidence(credentials.Source, $"user {credentials.Value!.UserId} without CAP_IPC_LOCK"));
        }
        else if (isSession)
        {
            yield return limit.IsUnknown
                ? FindingFactory.UndeterminedOfHost(FindingIds.MemoryLockLimit, "whether a guest's memory may be locked", limit, FindingSeverity.Warning)
                : FindingFactory.UndeterminedOfHost(FindingIds.MemoryLockLimit, "whether a guest's memory may be locked", credentials, FindingSeverity.Warning);
        }
    }
}
