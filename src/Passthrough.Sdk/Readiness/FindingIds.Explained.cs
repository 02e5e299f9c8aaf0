namespace Passthrough.Sdk.Readiness;

/// <content>Causes that only an error tells of: no rule looks for them beforehand.</content>
public static partial class FindingIds
{
    /// <summary>A device of the group stands behind a switch that lets its ports reach one another past the IOMMU.</summary>
    public const string DeviceBehindSwitchWithoutAcs = "device.behind-switch-without-acs";

    /// <summary>The emulator cannot present such a device, or what the device says of itself contradicts itself.</summary>
    public const string DeviceNotSupportedByEmulator = "device.not-supported-by-emulator";

    /// <summary>The network interface of the physical function is down or has no driver, so that its virtual functions cannot be set up.</summary>
    public const string DevicePhysicalFunctionDown = "device.physical-function-down";

    /// <summary>The device's expansion ROM cannot be read, or what stands in it is none.</summary>
    public const string DeviceRomUnusable = "device.rom-unusable";

    /// <summary>The domain has no such device.</summary>
    public const string DomainDeviceNotFound = "domain.device-not-found";

    /// <summary>Another device of the guest has the place on its PCI bus that this one is to have.</summary>
    public const string DomainGuestSlotOccupied = "domain.guest-slot-occupied";

    /// <summary>libvirt knows no such domain.</summary>
    public const string DomainNotFound = "domain.not-found";

    /// <summary>The domain owns a device of the host, and can be neither migrated nor saved with it.</summary>
    public const string DomainNotMigratable = "domain.not-migratable";

    /// <summary>The guest refuses to let the device go, or does not answer.</summary>
    public const string DomainUnplugRefused = "domain.unplug-refused";

    /// <summary>The domain is running, or is not, and what was asked for needs the other.</summary>
    public const string DomainWrongState = "domain.wrong-state";

    /// <summary>Another process has the group open: VFIO gives a group to one process only.</summary>
    public const string GroupBusy = "group.busy";

    /// <summary>With a virtual IOMMU in the guest, devices of one group were put into several address spaces.</summary>
    public const string GroupSeveralAddressSpaces = "group.several-address-spaces";

    /// <summary>The device asked for memory that the IOMMU does not let it reach.</summary>
    public const string IommuDmaFault = "iommu.dma-fault";

    /// <summary>The firmware's IOMMU table contradicts itself or the machine, and the kernel does without it.</summary>
    public const string IommuFirmwareTableBroken = "iommu.firmware-table-broken";

    /// <summary>KVM is not to be had, and the domain asks for it.</summary>
    public const string KvmUnavailable = "kvm.unavailable";

    /// <summary>Another call keeps libvirt or the domain busy.</summary>
    public const string LibvirtBusy = "libvirt.busy";

    /// <summary>The operator's own hook script of libvirt said no, or failed.</summary>
    public const string LibvirtHookFailed = "libvirt.hook-failed";

    /// <summary>This libvirt, or this kind of connection, does not have what was asked for.</summary>
    public const string LibvirtNotSupported = "libvirt.not-supported";

    /// <summary>The host has not the memory that the guest is to have.</summary>
    public const string MemoryExhausted = "memory.exhausted";

    /// <summary>No mediated device could be made of the physical one.</summary>
    public const string MediatedDeviceNotCreated = "mediated-device.not-created";

    /// <summary>The host has no such mediated device.</summary>
    public const string MediatedDeviceNotFound = "mediated-device.not-found";

    /// <summary>This QEMU was built without VFIO, or without the part of it that was asked for.</summary>
    public const string QemuNoVfio = "qemu.no-vfio";

    /// <summary>SELinux, AppArmor or a device filter of the control group denies what the file's mode would allow.</summary>
    public const string SecurityDenied = "security.denied";

    /// <summary>The kernel did not make the virtual functions.</summary>
    public const string SriovNotCreated = "sriov.not-created";

    /// <summary>vfio-pci refuses this model of device on purpose.</summary>
    public const string VfioDeviceDenylisted = "vfio.device-denylisted";

    /// <summary>The kernel did not map the guest's memory for the device, for another reason than the limit on locked memory.</summary>
    public const string VfioDmaMappingFailed = "vfio.dma-mapping-failed";

    /// <summary>The domain asks for IOMMUFD, and the host has no /dev/iommu.</summary>
    public const string VfioIommufdMissing = "vfio.iommufd-missing";
}
