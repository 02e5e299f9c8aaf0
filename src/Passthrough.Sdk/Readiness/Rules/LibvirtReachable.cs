using System.Collections.Immutable;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>libvirt does not answer: not there, not running, or not for this user.</summary>
internal sealed class LibvirtReachable : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.LibvirtNoPermission,
            Severity = FindingSeverity.Error,
            Title = "libvirt does not let this user in",
            Meaning = "The daemon runs and refuses the connection.",
            Detection =
                "The error of virConnectOpen: authentication, access denied, or a socket that may not be opened. Only where libvirt "
                + "was asked.",
            Remedy = "Run as root, or as a member of the group libvirt (usermod -aG libvirt USER, then log in again).",
        },
        new()
        {
            Id = FindingIds.LibvirtNoSystemBus,
            Severity = FindingSeverity.Error,
            Title = "libvirt's daemon does not reach D-Bus, or a service on it that it needs",
            Meaning =
                "Over the system's D-Bus libvirt asks polkit whether a user may come in, and systemd for the control groups of domains. "
                + "In a container or a small system there may be none. libvirt says: Unable to get system bus connection. Root is let in "
                + "without polkit.",
            Detection = "An error of libvirt's D-Bus part: its domain, or its text. Of the connection only where libvirt was asked.",
            Remedy =
                "Start D-Bus (systemctl start dbus), install the service that is missing (polkitd, systemd-container), or let the "
                + "container of the daemon have /run/dbus/system_bus_socket; or run as root.",
        },
        new()
        {
            Id = FindingIds.LibvirtUnreachable,
            Severity = FindingSeverity.Error,
            Title = "libvirt does not answer",
            Meaning = "Nothing can be said of domains, and nothing given to them.",
            Detection = "The error of virConnectOpen, or there is no libvirt.so.0 on this machine. Only where libvirt was asked.",
            Remedy =
                "Install libvirt and start its daemon (systemctl start libvirtd, or virtqemud.socket where it is split), or correct "
                + "the URI.",
        },
    ];

    private const int AccessDenied = 13;

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (context.Libvirt is not { Version.IsKnown: false } libvirt)
        {
            yield break;
        }

        var evidence = new Evidence(libvirt.Version.Source, libvirt.Version.Reason ?? "no answer");
        yield return libvirt.Error is { Domain: LibvirtErrorDomain.Dbus }
            ? FindingFactory.Of(
                FindingIds.LibvirtNoSystemBus,
                FindingSeverity.Error,
                $"libvirt at {libvirt.Uri} asks polkit whether this user may come in, and does not reach D-Bus",
                "start D-Bus and polkit (systemctl start dbus polkit), or run as root, who is let in without",
                evidence)
            : IsPermission(libvirt.Error)
            ? FindingFactory.Of(
                FindingIds.LibvirtNoPermission,
                FindingSeverity.Error,
                $"libvirt at {libvirt.Uri} does not let this user in",
                "run as root, or as a member of the group libvirt (usermod -aG libvirt USER, then log in again)",
                evidence)
            : FindingFactory.Of(
                FindingIds.LibvirtUnreachable,
                FindingSeverity.Error,
                $"libvirt at {libvirt.Uri} does not answer",
                "install libvirt and start its daemon (systemctl start libvirtd, or virtqemud.socket where it is split), or correct the URI",
                evidence);
    }

    private static bool IsPermission(LibvirtException? error) => error is
    {
        Code: LibvirtErrorCode.AuthFailed or LibvirtErrorCode.AuthUnavailable or LibvirtErrorCode.AuthCancelled or LibvirtErrorCode.AccessDenied,
    } or { Errno: AccessDenied };
}
