namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>The kind of guest that is to own a device: each needs something else of the host.</summary>
public enum GuestKind
{
    /// <summary>A guest of QEMU, with KVM or emulated: the kernel drives the IOMMU, VFIO hands the device over.</summary>
    Qemu = 0,

    /// <summary>A fully virtualised guest of Xen: Xen drives the IOMMU, xen-pciback hands the device over.</summary>
    XenHvm = 1,

    /// <summary>A paravirtualised guest of Xen: as <see cref="XenHvm"/>, without the CPU's virtualisation.</summary>
    XenPv = 2,
}
