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
}
