namespace Passthrough.Sdk.Hostdev;

/// <summary>A hypervisor's way to a PCI device of the host.</summary>
public enum HostBackend
{
    /// <summary>VFIO: the way of every current kernel.</summary>
    Vfio,

    /// <summary>KVM's own, gone from Linux since 4.12; libvirt reads it and refuses it at start.</summary>
    Kvm,

    /// <summary>Xen's pciback.</summary>
    Xen,
}
