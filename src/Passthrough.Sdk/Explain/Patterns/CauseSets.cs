using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Causes that several messages share: only the host's facts tell them apart.</summary>
internal static class CauseSets
{
    /// <summary>The kernel has no IOMMU group.</summary>
    public static ImmutableArray<ProposedCause> NoIommu { get; } = ErrorPattern.Perhaps(
        FindingIds.IommuFirmwareTableMissing,
        FindingIds.IommuRebootPending,
        FindingIds.IommuDisabledByKernelParameter,
        FindingIds.IommuNotEnabledByKernel,
        FindingIds.IommuParameterForOtherVendor,
        FindingIds.IommuInactive);

    /// <summary>vfio-pci cannot be loaded.</summary>
    public static ImmutableArray<ProposedCause> NoModule { get; } = ErrorPattern.Perhaps(
        FindingIds.VfioModuleBlacklisted, FindingIds.VfioModuleUnavailable);

    /// <summary>VFIO is not there for user space.</summary>
    public static ImmutableArray<ProposedCause> NoVfio { get; } =
        [.. NoModule, .. ErrorPattern.Perhaps(FindingIds.VfioModuleNotLoaded, FindingIds.VfioNodeMissing)];

    /// <summary>libvirt looks for two things, a group and /dev/vfio/vfio, and says the same whichever is missing.</summary>
    public static ImmutableArray<ProposedCause> HostCannot { get; } =
        [.. NoIommu, .. NoVfio, .. ErrorPattern.Perhaps(FindingIds.LibvirtNoVfioBackend)];

    /// <summary>The IOMMU takes no device of the group.</summary>
    public static ImmutableArray<ProposedCause> IommuRefuses { get; } = ErrorPattern.Perhaps(
        FindingIds.InterruptRemappingMissing, FindingIds.DeviceReservedMemory);

    /// <summary>Somebody in the host uses the device, so that its driver does not let go.</summary>
    public static ImmutableArray<ProposedCause> InUseByHost { get; } = ErrorPattern.Perhaps(
        FindingIds.DeviceHasOpenHandles,
        FindingIds.DeviceHoldsMountedFileSystem,
        FindingIds.DeviceHoldsSwap,
        FindingIds.DeviceIsConsoleFramebuffer);

    /// <summary>The guest's memory may not be locked.</summary>
    public static ImmutableArray<ProposedCause> LockLimit { get; } =
    [
        ErrorPattern.Certain(
            FindingIds.MemoryLockLimit,
            "the guest's memory may not be locked: the limit on locked memory is lower than what VFIO needs for all of it",
            "under libvirt's system daemon: raise or drop <memtune><hard_limit> of the domain (memory of the guest and 1 GiB), and see that the daemon may raise limits; "
            + "in a session, a container or under another starter: raise LimitMEMLOCK or memlock in /etc/security/limits.conf"),
    ];

    /// <summary>The device does not answer any more.</summary>
    public static ImmutableArray<ProposedCause> Unresponsive { get; } =
    [
        ErrorPattern.Certain(
            FindingIds.DeviceUnresponsive,
            "{device} does not answer any more: it did not come back from sleep, from a reset, or from its last guest",
            "keep it awake before the next use (echo on > /sys/bus/pci/devices/ADDRESS/power/control, d3cold_allowed 0, for every function of the card; "
            + "options vfio-pci disable_idle_d3=1); take it off and look for it again (echo 1 > .../remove, echo 1 > /sys/bus/pci/rescan); at last switch the machine off and on"),
    ];
}
