namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>The kinds of guests that can own a device. Each kind has different requirements for the host.</summary>
public enum GuestKind
{
    /// <summary>A guest of QEMU, with KVM or emulated: the kernel controls the IOMMU, and VFIO assigns the device.</summary>
    Qemu = 0,

    /// <summary>A fully virtualised guest of Xen: Xen controls the IOMMU, and xen-pciback assigns the device.</summary>
    XenHvm = 1,

    /// <summary>A paravirtualised guest of Xen: as <see cref="XenHvm"/>, without the CPU's virtualisation.</summary>
    XenPv = 2,

    /// <summary>A guest of Xen of the type PVH: it needs the CPU's virtualisation, and Xen cannot assign a device to it.</summary>
    XenPvh = 3,
}
