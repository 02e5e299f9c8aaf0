using Passthrough.Sdk.Explain.Patterns;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Evaluates libvirt's error number and the part that reported it, independent of the language of the text.</summary>
internal static class ErrorCodes
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int ConnectionReset = 104;

    /// <summary>Returns the causes that a number can have; empty if it has no specific meaning, as an internal error.</summary>
    public static ValueList<ProposedCause> CausesOf(PassthroughError error) => error.Code switch
    {
        LibvirtErrorCode.NoDomain => [Sure(FindingIds.DomainNotFound)],
        LibvirtErrorCode.AuthFailed or LibvirtErrorCode.AuthCancelled or LibvirtErrorCode.AuthUnavailable or LibvirtErrorCode.AccessDenied
            or LibvirtErrorCode.OperationDenied => [Sure(FindingIds.LibvirtNoPermission)],
        LibvirtErrorCode.NoConnect or LibvirtErrorCode.UnknownHost or LibvirtErrorCode.Rpc or LibvirtErrorCode.GnutlsError
            or LibvirtErrorCode.NoServer or LibvirtErrorCode.Libssh or LibvirtErrorCode.Ssh => [Sure(FindingIds.LibvirtUnreachable)],
        LibvirtErrorCode.NoNodeDevice or LibvirtErrorCode.InvalidNodeDevice => [Sure(FindingIds.DeviceNotFound)],
        LibvirtErrorCode.DeviceMissing => [Sure(FindingIds.DomainDeviceNotFound)],
        LibvirtErrorCode.XmlError or LibvirtErrorCode.XmlDetail or LibvirtErrorCode.XmlInvalidSchema => [Sure(FindingIds.DomainConfigInvalid)],
        LibvirtErrorCode.OperationTimeout or LibvirtErrorCode.ResourceBusy => [Sure(FindingIds.LibvirtBusy)],
        LibvirtErrorCode.HookScriptFailed => [Sure(FindingIds.LibvirtHookFailed)],
        LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported => [Sure(FindingIds.LibvirtNotSupported)],
        LibvirtErrorCode.ConfigUnsupported => [.. CauseSets.HostCannot, new(FindingIds.DomainConfigInvalid)],
        LibvirtErrorCode.ArgumentUnsupported => CauseSets.HostCannot,
        LibvirtErrorCode.OperationInvalid => ErrorPattern.Perhaps(FindingIds.DeviceInUseByDomain, FindingIds.DomainConfigInvalid, FindingIds.DomainWrongState),
        LibvirtErrorCode.OperationFailed => ErrorPattern.Perhaps(FindingIds.DomainUnplugRefused, FindingIds.DomainEmulatorDied),
        LibvirtErrorCode.SystemError => OfSystemError(error),
        LibvirtErrorCode.InternalError when error.Domain == LibvirtErrorDomain.Dbus => [Sure(FindingIds.LibvirtNoSystemBus)],
        LibvirtErrorCode.InternalError => ErrorPattern.Perhaps(FindingIds.DomainEmulatorDied),
        _ => [],
    };

    /// <summary>Returns whether the number proves the cause, whatever the text says.</summary>
    public static bool IsDecisive(LibvirtErrorCode? code) => code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.AuthFailed or LibvirtErrorCode.AuthCancelled
        or LibvirtErrorCode.AuthUnavailable or LibvirtErrorCode.NoNodeDevice or LibvirtErrorCode.HookScriptFailed;

    /// <summary>Returns whether the number only says that something failed, so that a log decides.</summary>
    public static bool IsContainer(LibvirtErrorCode? code) =>
        code is null or LibvirtErrorCode.InternalError or LibvirtErrorCode.SystemError or LibvirtErrorCode.OperationFailed;

    private static ValueList<ProposedCause> OfSystemError(PassthroughError error) => (error.Domain, error.Errno) switch
    {
        (LibvirtErrorDomain.Rpc or LibvirtErrorDomain.Remote, AccessDenied or NotPermitted) => [Sure(FindingIds.LibvirtNoPermission)],
        (LibvirtErrorDomain.Rpc or LibvirtErrorDomain.Remote, _) => [Sure(FindingIds.LibvirtUnreachable)],
        (LibvirtErrorDomain.Qemu, _) or (_, ConnectionReset) => ErrorPattern.Perhaps(FindingIds.DomainEmulatorDied),
        _ => ErrorPattern.Perhaps(
            FindingIds.DeviceNotFound, FindingIds.DeviceDriverBindFailed, FindingIds.MemoryLockLimit, FindingIds.LibvirtNoPermission, FindingIds.LibvirtUnreachable),
    };

    private static ProposedCause Sure(string id) => ErrorPattern.Certain(id);
}
