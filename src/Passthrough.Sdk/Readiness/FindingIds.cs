namespace Passthrough.Sdk.Readiness;

/// <summary>The ids of findings. An id never changes its meaning; scripts may rely on it.</summary>
public static class FindingIds
{
    /// <summary>The firmware gives the kernel no IOMMU table (DMAR, IVRS, IORT): off in the firmware's set-up, or not in the machine.</summary>
    public const string IommuFirmwareTableMissing = "iommu.firmware-table-missing";

    /// <summary>A kernel parameter (<c>intel_iommu=off</c>, <c>amd_iommu=off</c>, <c>iommu=off</c>) switches the IOMMU off.</summary>
    public const string IommuDisabledByKernelParameter = "iommu.disabled-by-kernel-parameter";

    /// <summary>The firmware table is there, the kernel's default is off, and no parameter switches the IOMMU on.</summary>
    public const string IommuNotEnabledByKernel = "iommu.not-enabled-by-kernel";

    /// <summary>The IOMMU should be on by all that was read, yet there is no IOMMU group.</summary>
    public const string IommuInactive = "iommu.inactive";

    /// <summary>vfio-pci is not loaded, so that nothing offers the device to user space.</summary>
    public const string VfioModuleNotLoaded = "vfio.module-not-loaded";

    /// <summary>The host has no such PCI function.</summary>
    public const string DeviceNotFound = "device.not-found";

    /// <summary>The device is a bridge; only endpoints can be given away.</summary>
    public const string DeviceIsBridge = "device.is-bridge";

    /// <summary>Another running domain owns the device.</summary>
    public const string DeviceInUseByDomain = "device.in-use-by-domain";

    /// <summary>The host uses other members of the device's IOMMU group.</summary>
    public const string GroupNotViable = "group.not-viable";

    /// <summary>vfio-pci is blacklisted, or its loading replaced by a command that loads nothing.</summary>
    public const string VfioModuleBlacklisted = "vfio.module-blacklisted";

    /// <summary>The running kernel has no vfio-pci.</summary>
    public const string VfioModuleUnavailable = "vfio.module-unavailable";

    /// <summary>Interrupts are not remapped, and VFIO refuses every device.</summary>
    public const string InterruptRemappingMissing = "interrupt-remapping.missing";

    /// <summary>Interrupts are not remapped, and VFIO was told to do without.</summary>
    public const string InterruptRemappingUnsafeAllowed = "interrupt-remapping.unsafe-allowed";

    /// <summary>A file system of the host is mounted from the device.</summary>
    public const string DeviceHoldsMountedFileSystem = "device.holds-mounted-filesystem";

    /// <summary>The host swaps to the device.</summary>
    public const string DeviceHoldsSwap = "device.holds-swap";

    /// <summary>The host's network goes through the device.</summary>
    public const string DeviceHoldsActiveNetworkInterface = "device.holds-active-network-interface";

    /// <summary>The device is the display that the machine booted with.</summary>
    public const string DeviceIsBootDisplay = "device.is-boot-display";

    /// <summary>The device's virtual functions are there, and go with it.</summary>
    public const string DeviceHasActiveVirtualFunctions = "device.has-active-virtual-functions";

    /// <summary>The firmware reserves memory for the device.</summary>
    public const string DeviceReservedMemory = "device.reserved-memory";

    /// <summary>The kernel knows no way to reset the device.</summary>
    public const string DeviceNoReset = "device.no-reset";

    /// <summary>libvirt does not answer.</summary>
    public const string LibvirtUnreachable = "libvirt.unreachable";

    /// <summary>libvirt does not let this user in.</summary>
    public const string LibvirtNoPermission = "libvirt.no-permission";

    /// <summary>libvirt's own probe finds no way to hand PCI devices over.</summary>
    public const string LibvirtNoVfioBackend = "libvirt.no-vfio-backend";
}
