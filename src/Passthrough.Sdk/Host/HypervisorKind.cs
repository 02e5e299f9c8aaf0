namespace Passthrough.Sdk.Host;

/// <summary>The kinds of hypervisors under a host.</summary>
public enum HypervisorKind
{
    /// <summary>The bare machine.</summary>
    None = 0,

    /// <summary>Another hypervisor, or one that does not identify itself.</summary>
    Other = 1,

    /// <summary>Linux KVM, with any program.</summary>
    Kvm = 2,

    /// <summary>QEMU without a sign of KVM: emulated processors, or a KVM that hides.</summary>
    Qemu = 3,

    /// <summary>Xen; <see cref="XenStatus"/> distinguishes dom0 from guests.</summary>
    Xen = 4,

    /// <summary>Microsoft Hyper-V.</summary>
    HyperV = 5,

    /// <summary>VMware.</summary>
    VMware = 6,

    /// <summary>VirtualBox.</summary>
    VirtualBox = 7,
}
