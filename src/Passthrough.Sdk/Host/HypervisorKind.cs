namespace Passthrough.Sdk.Host;

/// <summary>What a host itself runs on.</summary>
public enum HypervisorKind
{
    /// <summary>The bare machine.</summary>
    None = 0,

    /// <summary>A hypervisor that is none of those below, or does not say which it is.</summary>
    Other = 1,

    /// <summary>Linux KVM, whatever the program that uses it.</summary>
    Kvm = 2,

    /// <summary>QEMU without a sign of KVM: emulated processors, or a KVM that hides.</summary>
    Qemu = 3,

    /// <summary>Xen; <see cref="XenStatus"/> tells dom0 from guests.</summary>
    Xen = 4,

    /// <summary>Microsoft Hyper-V.</summary>
    HyperV = 5,

    /// <summary>VMware.</summary>
    VMware = 6,

    /// <summary>VirtualBox.</summary>
    VirtualBox = 7,
}
