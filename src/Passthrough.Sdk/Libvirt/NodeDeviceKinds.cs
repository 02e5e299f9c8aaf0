namespace Passthrough.Sdk.Libvirt;

/// <summary>Kinds of host devices to list: the capabilities of virConnectListAllNodeDeviceFlags. A device that has one of them is listed.</summary>
/// <remarks>A libvirt that does not know a kind refuses it with <see cref="LibvirtErrorCode.InvalidArg"/>; the version in brackets brought it.</remarks>
[Flags]
public enum NodeDeviceKinds
{
    /// <summary>No filter: all devices.</summary>
    Any = 0,

    /// <summary>The host itself (<c>--cap system</c>).</summary>
    System = 1 << 0,

    /// <summary>PCI functions (<c>--cap pci</c>).</summary>
    Pci = 1 << 1,

    /// <summary>USB devices (<c>--cap usb_device</c>).</summary>
    UsbDevice = 1 << 2,

    /// <summary>Interfaces of USB devices (<c>--cap usb</c>).</summary>
    UsbInterface = 1 << 3,

    /// <summary>Network interfaces (<c>--cap net</c>).</summary>
    Net = 1 << 4,

    /// <summary>SCSI host adapters (<c>--cap scsi_host</c>).</summary>
    ScsiHost = 1 << 5,

    /// <summary>SCSI targets (<c>--cap scsi_target</c>).</summary>
    ScsiTarget = 1 << 6,

    /// <summary>SCSI devices (<c>--cap scsi</c>).</summary>
    Scsi = 1 << 7,

    /// <summary>Block devices (<c>--cap storage</c>).</summary>
    Storage = 1 << 8,

    /// <summary>Fibre Channel host adapters (<c>--cap fc_host</c>).</summary>
    FcHost = 1 << 9,

    /// <summary>Adapters that can create virtual ports (<c>--cap vports</c>).</summary>
    Vports = 1 << 10,

    /// <summary>Generic SCSI nodes (<c>--cap scsi_generic</c>).</summary>
    ScsiGeneric = 1 << 11,

    /// <summary>Graphics nodes (<c>--cap drm</c>).</summary>
    Drm = 1 << 12,

    /// <summary>Devices that can create mediated devices (<c>--cap mdev_types</c>).</summary>
    MdevTypes = 1 << 13,

    /// <summary>Mediated devices (<c>--cap mdev</c>).</summary>
    Mdev = 1 << 14,

    /// <summary>Channel devices of s390 (<c>--cap ccw</c>).</summary>
    CcwDev = 1 << 15,

    /// <summary>Subchannels of s390 (<c>--cap css</c>; libvirt 6.8).</summary>
    CssDev = 1 << 16,

    /// <summary>vDPA devices (<c>--cap vdpa</c>; libvirt 6.9).</summary>
    Vdpa = 1 << 17,

    /// <summary>Crypto cards of s390 (<c>--cap ap_card</c>; libvirt 7.0).</summary>
    ApCard = 1 << 18,

    /// <summary>Crypto queues of s390 (<c>--cap ap_queue</c>; libvirt 7.0).</summary>
    ApQueue = 1 << 19,

    /// <summary>Crypto matrix devices of s390, the parents of mediated devices (<c>--cap ap_matrix</c>; libvirt 7.0).</summary>
    ApMatrix = 1 << 20,

    /// <summary>PCI functions with vital product data (<c>--cap vpd</c>; libvirt 7.9).</summary>
    Vpd = 1 << 21,
}
