namespace Passthrough.Sdk.Hostdev;

/// <summary>The ways in which a hypervisor accesses a PCI device of the host.</summary>
public enum HostBackend
{
    /// <summary>VFIO, which all current kernels use.</summary>
    Vfio,

    /// <summary>KVM's own, which was removed in Linux 4.12; libvirt accepts it in XML but refuses it at start.</summary>
    Kvm,

    /// <summary>Xen's pciback.</summary>
    Xen,
}
