using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Returns what a user can do about an error that has a well-known cause; null if the text is sufficient.</summary>
internal static class WayOut
{
    private const int NetworkUnreachable = 101;
    private const int ConnectionReset = 104;
    private const int ConnectionRefused = 111;
    private const int NoRoute = 113;

    private const string JoinGroup = "run as root, or as a member of the group libvirt";

    private const string CheckWay = "check the host's name and port, that the host can be reached, and that the transport the URI asks for works";

    private const string CheckCertificates =
        "check the certificates of both sides (CA, the server's for exactly the host's name in the URI, the client's): virt-pki-validate says what is missing on each";

    private const string OrGiveCredentials = "; if the daemon demands a password (SASL), LibvirtConnectionOptions.Authenticate or libvirt's auth.conf gives it";

    private const string ListenForTcp = "start the daemon's TCP socket on that host (systemctl start libvirtd-tcp.socket, or virtproxyd-tcp.socket), or correct the host's name and port";

    private const string GiveCredentials =
        "check the user's name and password (saslpasswd2 -a libvirt NAME on that host), which LibvirtConnectionOptions.Authenticate or libvirt's auth.conf gives; "
        + "with TLS, check the certificates too (virt-pki-validate)";

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
    /// <remarks>
    /// The same number means different things on different ways to the daemon: a missing file is the daemon's socket on this machine, and a certificate with TLS; a
    /// refused user lacks a group here, and a password with SASL over a network.
    /// </remarks>
    /// <param name="error">The error.</param>
    /// <param name="uri">The URI that was to be opened; null for libvirt's choice.</param>
    /// <param name="wasAsked">Whether libvirt asked for credentials.</param>
    public static string? ForOpen(NativeError error, string? uri, bool wasAsked)
    {
        var way = WayTo(uri);
        return error.Code switch
        {
            LibvirtErrorCode.SystemError when way == Way.Tls && error.Domain == LibvirtErrorDomain.Rpc => ForTls(error),
            LibvirtErrorCode.GnutlsError => CheckCertificates,

            // The client's own check of the server's certificate, and the server's demand for a password, have the same numbers.
            LibvirtErrorCode.AuthFailed when way == Way.Tls && error.Domain == LibvirtErrorDomain.Rpc && !wasAsked => CheckCertificates + OrGiveCredentials,
            LibvirtErrorCode.SystemError when way == Way.Local && Errno.IsPermission(error.Int1) => JoinGroup,
            LibvirtErrorCode.SystemError when way == Way.Local && error.Int1 is Errno.NotFound or ConnectionRefused => StartDaemon,
            LibvirtErrorCode.SystemError when way == Way.Tcp && error.Int1 == ConnectionRefused => ListenForTcp,
            LibvirtErrorCode.SystemError when error.Domain == LibvirtErrorDomain.Rpc && way != Way.Local => CheckWay,
            LibvirtErrorCode.AuthFailed or LibvirtErrorCode.AuthUnavailable or LibvirtErrorCode.AuthCancelled => way == Way.Local ? JoinGroup : GiveCredentials,
            LibvirtErrorCode.NoConnect or LibvirtErrorCode.InvalidArg =>
                "correct the URI (qemu:///system, xen:///system, qemu+ssh://host/system), or install that libvirt driver",
            LibvirtErrorCode.UnknownHost or LibvirtErrorCode.Rpc or LibvirtErrorCode.Ssh or LibvirtErrorCode.Libssh => CheckWay,
            _ => For(error),
        };
    }

    // libvirt reports what it finds wrong with certificates as a system error, with or without a number.
    private static string ForTls(NativeError error) => error.Int1 switch
    {
        ConnectionRefused => "start the daemon's TLS socket on that host (systemctl start libvirtd-tls.socket, or virtproxyd-tls.socket), or correct the host's name and port",
        NoRoute or NetworkUnreachable or Errno.TimedOut or ConnectionReset => CheckWay,
        _ => CheckCertificates,
    };

    // A host without a transport is reached by TLS (libvirt: uri.html).
    private static Way WayTo(string? uri) => uri is null ? Way.Local : LibvirtUriParts.Parse(uri) switch
    {
        { Transport: "unix" } or { Transport: null, Host: "" } => Way.Local,
        { Transport: null or "tls" } => Way.Tls,
        { Transport: "tcp" } => Way.Tcp,
        _ => Way.Other,
    };

    /// <summary>The ways to a daemon that differ in what can be wrong.</summary>
    private enum Way
    {
        Local,
        Tls,
        Tcp,
        Other,
    }
}
