using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that libvirt does not answer: it is not installed, not running, or not accessible to this user.</summary>
internal sealed class LibvirtReachable : IReadinessRule
{
    private const string HavePermission = "run as root, or as a member of the group libvirt (usermod -aG libvirt USER, then log in again)";

    private const string StartDaemon =
        "install libvirt and start its daemon (systemctl start libvirtd, or virtqemud.socket with separate daemons), or correct the URI";

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.LibvirtNoPermission,
            Severity = FindingSeverity.Error,
            Title = "libvirt does not accept a connection of this user",
            Meaning = "The daemon runs and refuses the connection.",
            Detection =
                "The error of virConnectOpen: authentication, access denied, or a socket that this user may not open. Only if "
                + "libvirt was queried.",
            Remedy = Remedies.Sentence(HavePermission),
        },
        new()
        {
            Id = FindingIds.LibvirtNoSystemBus,
            Severity = FindingSeverity.Error,
            Title = "libvirt's daemon cannot reach D-Bus, or a service on it that it needs",
            Meaning =
                "Over the system's D-Bus, libvirt asks polkit whether a user may connect, and systemd for the control groups of "
                + "domains. In a container or a small system there may be no D-Bus. libvirt says: Unable to get system bus "
                + "connection. Root can connect without polkit.",
            Detection = "An error of libvirt's D-Bus part, recognised by its domain or its text. The connection is checked only if libvirt was queried.",
            Remedy =
                "Start D-Bus (systemctl start dbus), install the missing service (polkitd, systemd-container), or pass "
                + "/run/dbus/system_bus_socket to the container of the daemon; or run as root.",
        },
        new()
        {
            Id = FindingIds.LibvirtUnreachable,
            Severity = FindingSeverity.Error,
            Title = "libvirt does not answer",
            Meaning = "The state of domains is unknown, and no device can be assigned to them.",
            Detection = "The error of virConnectOpen, or libvirt.so.0 is not installed on this machine. Only if libvirt was queried.",
            Remedy = Remedies.Sentence(StartDaemon),
        },
    ];

    private const int AccessDenied = 13;

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (context.Libvirt is not { Version.IsKnown: false } libvirt)
        {
            yield break;
        }

        var evidence = new Evidence(libvirt.Version.Source.Length > 0 ? libvirt.Version.Source : "virConnectOpen", libvirt.Version.Reason ?? "no answer");
        yield return libvirt.Error is { Domain: LibvirtErrorDomain.Dbus }
            ? FindingFactory.OfHost(
                FindingIds.LibvirtNoSystemBus,
                FindingSeverity.Error,
                $"libvirt at {libvirt.Uri} asks polkit whether this user may connect, but cannot reach D-Bus",
                "start D-Bus and polkit (systemctl start dbus polkit), or run as root, who can connect without them",
                evidence)
            : IsPermission(libvirt.Error)
            ? FindingFactory.OfHost(
                FindingIds.LibvirtNoPermission,
                FindingSeverity.Error,
                $"libvirt at {libvirt.Uri} does not accept a connection of this user",
                HavePermission,
                evidence)
            : FindingFactory.OfHost(
                FindingIds.LibvirtUnreachable,
                FindingSeverity.Error,
                $"libvirt at {libvirt.Uri} does not answer",
                StartDaemon,
                evidence);
    }

    private static bool IsPermission(LibvirtException? error) => error is
    {
        Code: LibvirtErrorCode.AuthFailed or LibvirtErrorCode.AuthUnavailable or LibvirtErrorCode.AuthCancelled or LibvirtErrorCode.AccessDenied,
    } or { Errno: AccessDenied };
}
