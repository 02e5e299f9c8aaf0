namespace Passthrough.Sdk.Host.Usage;

/// <summary>The uses of a block device other than swap and mounts that a mount table shows.</summary>
public enum BlockUseKind
{
    /// <summary>Another block device is built on it, of a kind that this library does not know.</summary>
    Other = 0,

    /// <summary>A file system that the kernel has mounted from it, but that no readable mount table shows.</summary>
    FileSystem = 1,

    /// <summary>The journal of a file system that is on another block device.</summary>
    Journal = 2,

    /// <summary>A logical volume of LVM that is active.</summary>
    LogicalVolume = 3,

    /// <summary>A RAID array (md), active or not, that has taken the device as a member.</summary>
    RaidArray = 4,

    /// <summary>An encrypted volume that is open (dm-crypt).</summary>
    Encryption = 5,

    /// <summary>A multipath map that has the device as a path.</summary>
    Multipath = 6,

    /// <summary>Another mapping of the device mapper.</summary>
    Mapping = 7,

    /// <summary>bcache, which has registered the device as a cache or as a device that it caches.</summary>
    Cache = 8,

    /// <summary>A replicated device (DRBD).</summary>
    Replication = 9,

    /// <summary>A storage pool (ZFS) that is imported.</summary>
    Pool = 10,

    /// <summary>A compressed memory disk (zram) that writes back to the device.</summary>
    MemoryDisk = 11,

    /// <summary>A loop device whose content is the device.</summary>
    LoopDevice = 12,

    /// <summary>A namespace of the kernel's NVMe target (nvmet), which offers the device to other hosts.</summary>
    NvmeTarget = 13,

    /// <summary>A backstore of the kernel's SCSI target (LIO), which offers the device to other hosts or to guests.</summary>
    ScsiTarget = 14,

    /// <summary>A virtual disk of a guest of Xen.</summary>
    XenDisk = 15,

    /// <summary>Another server in the kernel offers it: a USB mass storage gadget, RNBD. Sources: /sys/kernel/config/usb_gadget, /sys/class/rnbd-server.</summary>
    OtherExport = 16,
}
