using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>libvirt does not answer: not there, not running, or not for this user.</summary>
internal sealed class LibvirtReachable : IReadinessRule
{
    private const int AccessDenied = 13;

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (context.Libvirt is not { Version.IsKnown: false } libvirt)
        {
            yield break;
        }

        var evidence = new Evidence(libvirt.Version.Source, libvirt.Version.Reason ?? "no answer");
        yield return IsPermission(libvirt.Error)
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
