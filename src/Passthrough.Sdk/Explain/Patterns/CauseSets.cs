using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Causes that several messages share: only the host's facts distinguish them.</summary>
internal static class CauseSets
{
    /// <summary>The kernel has no IOMMU group.</summary>
    public static ValueList<ProposedCause> NoIommu { get; } = ErrorPattern.Perhaps(
        FindingIds.IommuFirmwareTableMissing,
        FindingIds.IommuRebootPending,
        FindingIds.IommuDisabledByKernelParameter,
        FindingIds.IommuNotEnabledByKernel,
        FindingIds.IommuParameterForOtherVendor,
        FindingIds.IommuInactive);

    /// <summary>vfio-pci cannot be loaded.</summary>
    public static ValueList<ProposedCause> NoModule { get; } = ErrorPattern.Perhaps(
        FindingIds.VfioModuleBlacklisted, FindingIds.VfioModuleUnavailable);

    /// <summary>VFIO is not available to user space.</summary>
    public static ValueList<ProposedCause> NoVfio { get; } =
        [.. NoModule, .. ErrorPattern.Perhaps(FindingIds.VfioModuleNotLoaded, FindingIds.VfioNodeMissing)];

    /// <summary>libvirt checks for a group and for /dev/vfio/vfio, and reports the same error if either is missing.</summary>
    public static ValueList<ProposedCause> HostCannot { get; } =
        [.. NoIommu, .. NoVfio, .. ErrorPattern.Perhaps(FindingIds.LibvirtNoVfioBackend)];

    /// <summary>The IOMMU accepts no device of the group.</summary>
    public static ValueList<ProposedCause> IommuRefuses { get; } = ErrorPattern.Perhaps(
        FindingIds.InterruptRemappingMissing, FindingIds.DeviceReservedMemory);

    /// <summary>Something on the host uses the device, so its driver does not release it.</summary>
    public static ValueList<ProposedCause> InUseByHost { get; } = ErrorPattern.Perhaps(
        FindingIds.DeviceHasOpenHandles,
        FindingIds.DeviceHoldsMountedFileSystem,
        FindingIds.DeviceHoldsSwap,
        FindingIds.DeviceHoldsActiveVolume,
        FindingIds.DeviceHoldsExportedDisk,
        FindingIds.DeviceIsConsoleFramebuffer);

    /// <summary>The guest's memory may not be locked.</summary>
    public static ValueList<ProposedCause> LockLimit { get; } =
    [
        ErrorPattern.Certain(
            FindingIds.MemoryLockLimit,
            "the guest's memory may not be locked: the limit on locked memory is lower than VFIO needs for all of it",
            "with libvirt's system daemon: raise or remove <memtune><hard_limit> of the domain (the guest's memory plus 1 GiB), and make sure that the daemon may raise limits; "
            + "in a session, a container or with another launcher: raise LimitMEMLOCK or memlock in /etc/security/limits.conf"),
    ];

    /// <summary>The device no longer responds.</summary>
    public static ValueList<ProposedCause> Unresponsive { get; } =
    [
        ErrorPattern.Certain(
            FindingIds.DeviceUnresponsive,
            "{device} no longer responds: it did not recover from sleep, from a reset, or from its last guest",
            "to prevent it, keep the device awake (echo on > /sys/bus/pci/devices/ADDRESS/power/control, d3cold_allowed 0, for every function of the card; "
            + "options vfio-pci disable_idle_d3=1); remove it and rescan the bus (echo 1 > .../remove, echo 1 > /sys/bus/pci/rescan); as a last resort, power the machine off and on"),
    ];
}
