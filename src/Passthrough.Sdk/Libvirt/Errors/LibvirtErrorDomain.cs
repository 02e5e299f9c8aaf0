namespace Passthrough.Sdk.Libvirt;

/// <summary>The part of libvirt that reports an error: virErrorDomain of virterror.h. This is not a virtual machine.</summary>
/// <remarks>The numbers are those of libvirt. A part that has no name here keeps its number.</remarks>
public enum LibvirtErrorDomain
{
    /// <summary>None was given.</summary>
    None = 0,

    /// <summary>Xen.</summary>
    Xen = 1,

    /// <summary>XML parsing.</summary>
    Xml = 5,

    /// <summary>Operations on a domain.</summary>
    Dom = 6,

    /// <summary>The communication with the daemon.</summary>
    Rpc = 7,

    /// <summary>Configuration files.</summary>
    Conf = 9,

    /// <summary>The QEMU driver.</summary>
    Qemu = 10,

    /// <summary>Operations on a network.</summary>
    Net = 11,

    /// <summary>The test driver.</summary>
    Test = 12,

    /// <summary>The remote driver.</summary>
    Remote = 13,

    /// <summary>Network configuration.</summary>
    Network = 19,

    /// <summary>Domain configuration.</summary>
    Domain = 20,

    /// <summary>Node devices.</summary>
    Nodedev = 22,

    /// <summary>The security driver.</summary>
    Security = 24,

    /// <summary>Host interfaces.</summary>
    Interface = 26,

    /// <summary>CPU models.</summary>
    Cpu = 31,

    /// <summary>Hook scripts.</summary>
    Hook = 34,

    /// <summary>The event loop.</summary>
    Event = 40,

    /// <summary>Xen's libxl driver.</summary>
    Libxl = 41,

    /// <summary>The lock manager.</summary>
    Locking = 42,

    /// <summary>Capabilities.</summary>
    Capabilities = 44,

    /// <summary>Connection URIs.</summary>
    Uri = 45,

    /// <summary>Authentication.</summary>
    Auth = 46,

    /// <summary>D-Bus.</summary>
    Dbus = 47,

    /// <summary>Devices, PCI among them.</summary>
    Device = 49,

    /// <summary>SSH.</summary>
    Ssh = 50,

    /// <summary>Control groups.</summary>
    Cgroup = 54,

    /// <summary>Access control.</summary>
    Access = 55,

    /// <summary>systemd.</summary>
    Systemd = 56,

    /// <summary>polkit.</summary>
    Polkit = 60,

    /// <summary>Threads.</summary>
    Thread = 61,

    /// <summary>libssh.</summary>
    Libssh = 66,

    /// <summary>TPM.</summary>
    Tpm = 70,
}
