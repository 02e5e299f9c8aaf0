namespace Passthrough.Sdk.Readiness;

/// <summary>The ids of findings. An id never changes its meaning; scripts may rely on it.</summary>
public static partial class FindingIds
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

    /// <summary>libvirt's daemon does not reach D-Bus, or a service on it that it needs.</summary>
    public const string LibvirtNoSystemBus = "libvirt.no-system-bus";

    /// <summary>libvirt does not let this user in.</summary>
    public const string LibvirtNoPermission = "libvirt.no-permission";

    /// <summary>libvirt's own probe finds no way to hand PCI devices over.</summary>
    public const string LibvirtNoVfioBackend = "libvirt.no-vfio-backend";

    /// <summary>The processors have no VT-x, AMD-V or Arm EL2, or do not show it: guests are emulated, or paravirtualised.</summary>
    public const string CpuVirtualizationMissing = "cpu.virtualization-missing";

    /// <summary>The processors have VT-x or AMD-V, and the firmware locked it off.</summary>
    public const string CpuVirtualizationDisabledByFirmware = "cpu.virtualization-disabled-by-firmware";

    /// <summary>A kernel parameter speaks to the IOMMU of the other vendor, and does nothing here.</summary>
    public const string IommuParameterForOtherVendor = "iommu.parameter-for-other-vendor";

    /// <summary>The boot configuration has what the IOMMU needs; the running kernel was started without it.</summary>
    public const string IommuRebootPending = "iommu.reboot-pending";

    /// <summary>VFIO is loaded, and its node under /dev/vfio is not there where one looks.</summary>
    public const string VfioNodeMissing = "vfio.node-missing";

    /// <summary>A node of VFIO is there, and whoever is to open it may not.</summary>
    public const string VfioNodeInaccessible = "vfio.node-inaccessible";

    /// <summary>VFIO was told to offer devices without any IOMMU.</summary>
    public const string VfioNoIommu = "vfio.noiommu";

    /// <summary>The kernel is closed even to root (lockdown).</summary>
    public const string KernelLockdown = "kernel.lockdown";

    /// <summary>There is no QEMU that could run a guest.</summary>
    public const string QemuMissing = "qemu.missing";

    /// <summary>The guest's memory may not be locked, which VFIO needs for all of it.</summary>
    public const string MemoryLockLimit = "memory.lock-limit";

    /// <summary>The device shares its IOMMU group with others, which go with it or stay unused.</summary>
    public const string GroupShared = "group.shared";

    /// <summary>The kernel was told to split IOMMU groups whose members can reach one another (pcie_acs_override).</summary>
    public const string GroupAcsOverride = "group.acs-override";

    /// <summary>Another device than the one that was meant stands at the address.</summary>
    public const string DeviceMoved = "device.moved";

    /// <summary>The kernel's console draws into the device's memory, and keeps it.</summary>
    public const string DeviceIsConsoleFramebuffer = "device.is-console-framebuffer";

    /// <summary>Processes of the host have the device open; its driver cannot let go while they do.</summary>
    public const string DeviceHasOpenHandles = "device.has-open-handles";

    /// <summary>The device does not answer: its configuration space reads as all ones.</summary>
    public const string DeviceUnresponsive = "device.unresponsive";

    /// <summary>Another device has the same ids, and what goes by ids takes both.</summary>
    public const string DeviceIdenticalTwin = "device.identical-twin";

    /// <summary>A driver did not take the device, or did not let it go.</summary>
    public const string DeviceDriverBindFailed = "device.driver-bind-failed";

    /// <summary>The emulator ended while the domain started, or was ended from outside.</summary>
    public const string DomainEmulatorDied = "domain.emulator-died";

    /// <summary>The domain's definition asks for something that cannot be, whatever the host.</summary>
    public const string DomainConfigInvalid = "domain.config-invalid";

    /// <summary>Xen drives no IOMMU, so that no guest of it can own a device, a paravirtualised one included.</summary>
    public const string XenNoDirectIo = "xen.no-directio";

    /// <summary>A parameter of dom0's kernel speaks to the IOMMU, which Xen drives: it does nothing.</summary>
    public const string XenDom0ParameterHasNoEffect = "xen.dom0-parameter-has-no-effect";

    /// <summary>dom0 lacks xen-pciback, which hands devices to Xen's guests.</summary>
    public const string XenPcibackMissing = "xen.pciback-missing";
}
