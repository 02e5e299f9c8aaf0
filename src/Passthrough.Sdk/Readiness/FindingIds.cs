namespace Passthrough.Sdk.Readiness;

/// <summary>The ids of findings. An id never changes its meaning; scripts may rely on it.</summary>
public static partial class FindingIds
{
    /// <summary>The firmware provides no IOMMU table (DMAR, IVRS, IORT): the IOMMU is off in the firmware's set-up, or the
    /// machine has none.</summary>
    public const string IommuFirmwareTableMissing = "iommu.firmware-table-missing";

    /// <summary>A kernel parameter (<c>intel_iommu=off</c>, <c>amd_iommu=off</c>, <c>iommu=off</c>) switches the IOMMU off.</summary>
    public const string IommuDisabledByKernelParameter = "iommu.disabled-by-kernel-parameter";

    /// <summary>The firmware table exists, the kernel's default is off, and no parameter switches the IOMMU on.</summary>
    public const string IommuNotEnabledByKernel = "iommu.not-enabled-by-kernel";

    /// <summary>According to all facts the IOMMU should be on, but there is no IOMMU group.</summary>
    public const string IommuInactive = "iommu.inactive";

    /// <summary>vfio-pci is not loaded, so no device can be passed to user space.</summary>
    public const string VfioModuleNotLoaded = "vfio.module-not-loaded";

    /// <summary>The host has no such PCI function.</summary>
    public const string DeviceNotFound = "device.not-found";

    /// <summary>The device is a bridge; only endpoints can be assigned.</summary>
    public const string DeviceIsBridge = "device.is-bridge";

    /// <summary>Another running domain owns the device.</summary>
    public const string DeviceInUseByDomain = "device.in-use-by-domain";

    /// <summary>The host uses other members of the device's IOMMU group.</summary>
    public const string GroupNotViable = "group.not-viable";

    /// <summary>vfio-pci is blacklisted, or an install line runs a command that does not load it.</summary>
    public const string VfioModuleBlacklisted = "vfio.module-blacklisted";

    /// <summary>The running kernel has no vfio-pci.</summary>
    public const string VfioModuleUnavailable = "vfio.module-unavailable";

    /// <summary>Interrupts are not remapped, and VFIO refuses every device.</summary>
    public const string InterruptRemappingMissing = "interrupt-remapping.missing";

    /// <summary>Interrupts are not remapped, and VFIO is configured to allow this.</summary>
    public const string InterruptRemappingUnsafeAllowed = "interrupt-remapping.unsafe-allowed";

    /// <summary>A file system of the host is mounted from the device.</summary>
    public const string DeviceHoldsMountedFileSystem = "device.holds-mounted-filesystem";

    /// <summary>The host swaps to the device.</summary>
    public const string DeviceHoldsSwap = "device.holds-swap";

    /// <summary>A disk of the device is part of an active volume, array, cache or pool of the host.</summary>
    public const string DeviceHoldsActiveVolume = "device.holds-active-volume";

    /// <summary>The host exports a disk of the device: as a loop device, to other hosts or to guests.</summary>
    public const string DeviceHoldsExportedDisk = "device.holds-exported-disk";

    /// <summary>The kernel reports that a disk of the device is in use, and no other source shows what uses it.</summary>
    public const string DeviceDiskBusy = "device.disk-busy";

    /// <summary>A network of the host, of a guest or of a container uses the device.</summary>
    public const string DeviceHoldsActiveNetworkInterface = "device.holds-active-network-interface";

    /// <summary>A network interface of the device is switched on, and only its link-local address uses it.</summary>
    public const string DeviceNetworkInterfaceUp = "device.network-interface-up";

    /// <summary>A network interface of the device is switched off but has addresses, which will be lost.</summary>
    public const string DeviceNetworkInterfaceConfigured = "device.network-interface-configured";

    /// <summary>A program that configures networks has a socket bound to a network interface of the device.</summary>
    public const string DeviceNetworkInterfaceWatched = "device.network-interface-watched";

    /// <summary>The device is the display that the machine booted with.</summary>
    public const string DeviceIsBootDisplay = "device.is-boot-display";

    /// <summary>The device has virtual functions, which disappear with it.</summary>
    public const string DeviceHasActiveVirtualFunctions = "device.has-active-virtual-functions";

    /// <summary>The firmware reserves memory for the device.</summary>
    public const string DeviceReservedMemory = "device.reserved-memory";

    /// <summary>The kernel has no method to reset the device.</summary>
    public const string DeviceNoReset = "device.no-reset";

    /// <summary>libvirt does not answer.</summary>
    public const string LibvirtUnreachable = "libvirt.unreachable";

    /// <summary>libvirt's daemon cannot reach D-Bus, or a service on it that it needs.</summary>
    public const string LibvirtNoSystemBus = "libvirt.no-system-bus";

    /// <summary>libvirt does not accept a connection of this user.</summary>
    public const string LibvirtNoPermission = "libvirt.no-permission";

    /// <summary>libvirt's own check finds no way to assign PCI devices.</summary>
    public const string LibvirtNoVfioBackend = "libvirt.no-vfio-backend";

    /// <summary>The processors have no VT-x, AMD-V or Arm EL2, or do not show it: guests are emulated or paravirtualised.</summary>
    public const string CpuVirtualizationMissing = "cpu.virtualization-missing";

    /// <summary>The processors have VT-x or AMD-V, but the firmware has disabled it.</summary>
    public const string CpuVirtualizationDisabledByFirmware = "cpu.virtualization-disabled-by-firmware";

    /// <summary>A kernel parameter is for the IOMMU of the other vendor and has no effect here.</summary>
    public const string IommuParameterForOtherVendor = "iommu.parameter-for-other-vendor";

    /// <summary>The boot configuration switches the IOMMU on, but the running kernel was started without it.</summary>
    public const string IommuRebootPending = "iommu.reboot-pending";

    /// <summary>VFIO is loaded, but its node under /dev/vfio does not exist.</summary>
    public const string VfioNodeMissing = "vfio.node-missing";

    /// <summary>A node of VFIO exists, but the emulator may not open it.</summary>
    public const string VfioNodeInaccessible = "vfio.node-inaccessible";

    /// <summary>VFIO is configured to offer devices without an IOMMU.</summary>
    public const string VfioNoIommu = "vfio.noiommu";

    /// <summary>The kernel is locked down, even for root (lockdown).</summary>
    public const string KernelLockdown = "kernel.lockdown";

    /// <summary>No QEMU is installed that could run a guest.</summary>
    public const string QemuMissing = "qemu.missing";

    /// <summary>The guest's memory may not be locked, which VFIO requires for all of it.</summary>
    public const string MemoryLockLimit = "memory.lock-limit";

    /// <summary>The device shares its IOMMU group with others, which are assigned with it or stay unused.</summary>
    public const string GroupShared = "group.shared";

    /// <summary>A kernel parameter splits IOMMU groups whose members can access each other (pcie_acs_override).</summary>
    public const string GroupAcsOverride = "group.acs-override";

    /// <summary>The address belongs to a different device than the expected one.</summary>
    public const string DeviceMoved = "device.moved";

    /// <summary>The kernel's console uses the device's memory and does not release it.</summary>
    public const string DeviceIsConsoleFramebuffer = "device.is-console-framebuffer";

    /// <summary>A keyboard of the host's console is connected to the device.</summary>
    public const string DeviceHasConsoleKeyboard = "device.has-console-keyboard";

    /// <summary>Processes of the host have the device open; its driver cannot release it while they do.</summary>
    public const string DeviceHasOpenHandles = "device.has-open-handles";

    /// <summary>The device does not respond: its configuration space reads as all ones.</summary>
    public const string DeviceUnresponsive = "device.unresponsive";

    /// <summary>Another device has the same ids, and a selection by ids takes both.</summary>
    public const string DeviceIdenticalTwin = "device.identical-twin";

    /// <summary>A driver did not bind to the device, or did not release it.</summary>
    public const string DeviceDriverBindFailed = "device.driver-bind-failed";

    /// <summary>The emulator ended or was killed while the domain started.</summary>
    public const string DomainEmulatorDied = "domain.emulator-died";

    /// <summary>The domain's definition is invalid or requests something impossible on any host.</summary>
    public const string DomainConfigInvalid = "domain.config-invalid";

    /// <summary>Xen does not use an IOMMU, so none of its guests can own a device, not even a paravirtualised one.</summary>
    public const string XenNoDirectIo = "xen.no-directio";

    /// <summary>This Xen gives devices to paravirtualised guests without an IOMMU, so that such a guest can access all memory of the host.</summary>
    public const string XenPvWithoutIsolation = "xen.pv-without-isolation";

    /// <summary>Guests of the type PVH cannot own a device with this Xen.</summary>
    public const string XenPvhWithoutDevices = "xen.pvh-without-devices";

    /// <summary>A guest ended without returning the device, which is still bound to pciback.</summary>
    public const string XenDeviceNotReturned = "xen.device-not-returned";

    /// <summary>An IOMMU parameter of dom0's kernel has no effect, because Xen controls the IOMMU.</summary>
    public const string XenDom0ParameterHasNoEffect = "xen.dom0-parameter-has-no-effect";

    /// <summary>dom0 lacks xen-pciback, which passes devices to Xen's guests.</summary>
    public const string XenPcibackMissing = "xen.pciback-missing";

    /// <summary>The device is behind an Intel VMD controller and can be assigned only with the whole controller.</summary>
    public const string DeviceBehindVmd = "device.behind-vmd";

    /// <summary>The source has neither a PCI function nor a file of a kernel.</summary>
    public const string HostNothingFound = "host.nothing-found";

    /// <summary>A kernel parameter for passthrough has no effect as it is written.</summary>
    public const string KernelParameterWithoutEffect = "kernel.parameter-without-effect";

    /// <summary>Virtual functions of the device are outside the reach of its bus: ARI is off, or bus numbers are missing.</summary>
    public const string SriovFunctionsOutOfReach = "sriov.functions-out-of-reach";

    /// <summary>There are no memory addresses for the virtual functions of the device.</summary>
    public const string SriovNoRoom = "sriov.no-room";

    /// <summary>A virtual function was still being reset when its driver set it.</summary>
    public const string SriovFunctionInReset = "sriov.function-in-reset";

    /// <summary>The ids for vfio-pci name the device, but another driver took it first.</summary>
    public const string VfioIdsTooLate = "vfio.ids-too-late";

    /// <summary>An option of VFIO's modules does not have the intended effect.</summary>
    public const string VfioOptionsMalformed = "vfio.options-malformed";
}
