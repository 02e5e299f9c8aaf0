namespace Passthrough.Sdk.Readiness;

/// <content>Causes that only an error shows: no rule checks for them beforehand.</content>
public static partial class FindingIds
{
    /// <summary>A device of the group is behind a switch whose ports can access each other without the IOMMU.</summary>
    public const string DeviceBehindSwitchWithoutAcs = "device.behind-switch-without-acs";

    /// <summary>The emulator cannot present the device to a guest, or the device's registers are inconsistent.</summary>
    public const string DeviceNotSupportedByEmulator = "device.not-supported-by-emulator";

    /// <summary>The network interface of the physical function is down or has no driver, so its virtual functions cannot be set
    /// up.</summary>
    public const string DevicePhysicalFunctionDown = "device.physical-function-down";

    /// <summary>The device's expansion ROM cannot be read or is invalid.</summary>
    public const string DeviceRomUnusable = "device.rom-unusable";

    /// <summary>The domain has no such device.</summary>
    public const string DomainDeviceNotFound = "domain.device-not-found";

    /// <summary>Another device of the guest already has the address on its PCI bus.</summary>
    public const string DomainGuestSlotOccupied = "domain.guest-slot-occupied";

    /// <summary>The guest's machine has no PCI bus, so it cannot have a PCI device.</summary>
    public const string DomainNoPciBus = "domain.no-pci-bus";

    /// <summary>libvirt does not know the domain.</summary>
    public const string DomainNotFound = "domain.not-found";

    /// <summary>The domain owns a device of the host and can be neither migrated nor saved with it.</summary>
    public const string DomainNotMigratable = "domain.not-migratable";

    /// <summary>The guest refuses to release the device, or does not answer.</summary>
    public const string DomainUnplugRefused = "domain.unplug-refused";

    /// <summary>The domain is running, or is not running, and the operation requires the opposite.</summary>
    public const string DomainWrongState = "domain.wrong-state";

    /// <summary>Another process has the group open: VFIO gives a group to only one process.</summary>
    public const string GroupBusy = "group.busy";

    /// <summary>With a virtual IOMMU in the guest, devices of one group were put into several address spaces.</summary>
    public const string GroupSeveralAddressSpaces = "group.several-address-spaces";

    /// <summary>The device tried to access memory that the IOMMU does not allow it to access.</summary>
    public const string IommuDmaFault = "iommu.dma-fault";

    /// <summary>The firmware's IOMMU table is inconsistent or does not match the machine, and the kernel does not use it.</summary>
    public const string IommuFirmwareTableBroken = "iommu.firmware-table-broken";

    /// <summary>A program did not find the firmware's IOMMU tables, but the kernel's IOMMU groups prove that the IOMMU works.</summary>
    public const string IommuFirmwareTableHidden = "iommu.firmware-table-hidden";

    /// <summary>The domain asks for KVM, which is not available.</summary>
    public const string KvmUnavailable = "kvm.unavailable";

    /// <summary>Another call keeps libvirt or the domain busy.</summary>
    public const string LibvirtBusy = "libvirt.busy";

    /// <summary>The operator's own hook script of libvirt failed or refused the operation.</summary>
    public const string LibvirtHookFailed = "libvirt.hook-failed";

    /// <summary>This libvirt, or this kind of connection, does not support the request.</summary>
    public const string LibvirtNotSupported = "libvirt.not-supported";

    /// <summary>The host does not have enough memory for the guest.</summary>
    public const string MemoryExhausted = "memory.exhausted";

    /// <summary>No mediated device could be created on the physical device.</summary>
    public const string MediatedDeviceNotCreated = "mediated-device.not-created";

    /// <summary>The physical device has no free instance of the requested mediated type.</summary>
    public const string MediatedDeviceNoInstance = "mediated-device.no-instance";

    /// <summary>The host has no such mediated device.</summary>
    public const string MediatedDeviceNotFound = "mediated-device.not-found";

    /// <summary>The vendor's manager of mediated devices (nvidia-vgpu-mgr) did not start the mediated device; the physical device works.</summary>
    public const string MediatedDeviceRefusedByManager = "mediated-device.refused-by-manager";

    /// <summary>This QEMU was built without VFIO, or without the requested part of it.</summary>
    public const string QemuNoVfio = "qemu.no-vfio";

    /// <summary>SELinux, AppArmor or a device filter of the control group denies access that the file's mode would allow.</summary>
    public const string SecurityDenied = "security.denied";

    /// <summary>The driver of the physical function does not support SR-IOV.</summary>
    public const string SriovDriverWithoutSupport = "sriov.driver-without-support";

    /// <summary>No driver is bound to the physical function, and only a driver can create its virtual functions.</summary>
    public const string SriovNoDriver = "sriov.no-driver";

    /// <summary>The kernel did not create the virtual functions.</summary>
    public const string SriovNotCreated = "sriov.not-created";

    /// <summary>vfio-pci deliberately refuses this model of device.</summary>
    public const string VfioDeviceDenylisted = "vfio.device-denylisted";

    /// <summary>The kernel did not map the guest's memory for the device, for a reason other than the limit on locked memory.</summary>
    public const string VfioDmaMappingFailed = "vfio.dma-mapping-failed";

    /// <summary>The domain asks for IOMMUFD, and the host has no /dev/iommu.</summary>
    public const string VfioIommufdMissing = "vfio.iommufd-missing";

    /// <summary>The list of devices that xen-pciback should hide cannot be parsed, and the driver does not start.</summary>
    public const string XenHideMalformed = "xen.hide-malformed";

    /// <summary>Under Xen, QEMU treats the device at 00:02.0 as Intel's graphics, which needs gfx_passthru.</summary>
    public const string XenIgdPassthru = "xen.igd-passthru";
}
