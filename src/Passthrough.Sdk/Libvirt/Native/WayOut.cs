using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Returns what a user can do about an error that has a well-known cause; null if the text is sufficient.</summary>
internal static class WayOut
{
    private const int ConnectionRefused = 111;

    private const string StartDaemon =
        "start libvirt's daemon (systemctl start libvirtd, or virtqemud.socket with separate daemons), or correct the URI";

    /// <summary>For any call.</summary>
    public static string? For(NativeError error) => error.Code switch
    {
        LibvirtErrorCode.NoDomain => "'virsh list --all' shows the domains of this connection",
        LibvirtErrorCode.NoNodeDevice => "'virsh nodedev-list --cap pci' shows the host's PCI devices",
        LibvirtErrorCode.OperationDenied => "the connection is read-only: open a connection that is not",
        LibvirtErrorCode.AccessDenied => "ask the administrator for the permission (polkit), or run as root",
        LibvirtErrorCode.AgentUnresponsive => "install and start qemu-guest-agent in the guest, and give the domain its channel (org.qemu.guest_agent.0)",
        LibvirtErrorCode.NoSupport => "the driver behind this URI cannot do this",
        _ => null,
    };

    /// <summary>For opening a connection.</summary>
    public static string? ForOpen(NativeError error) => error.Code switch
    {
        LibvirtErrorCode.SystemError when Errno.IsPermission(error.Int1) => "run as root, or as a member of the group libvirt",
        LibvirtErrorCode.SystemError when error.Int1 is Errno.NotFound or ConnectionRefused => StartDaemon,
        LibvirtErrorCode.AuthFailed or LibvirtErrorCode.AuthUnavailable or LibvirtErrorCode.AuthCancelled =>
            "run as root, or as a member of the group libvirt",
        LibvirtErrorCode.NoConnect or LibvirtErrorCode.InvalidArg =>
            "correct the URI (qemu:///system, xen:///system, qemu+ssh://host/system), or install that libvirt driver",
        LibvirtErrorCode.UnknownHost or LibvirtErrorCode.Rpc or LibvirtErrorCode.Ssh or LibvirtErrorCode.Libssh =>
            "check the host's name and that the transport the URI asks for works",
        _ => For(error),
    };
}
