using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt;

/// <summary>libvirt refused or failed. The message says what could not be done, libvirt's own reason, and the way out where one is known.</summary>
/// <remarks>
/// Tell errors apart by <see cref="Code"/>, then <see cref="Domain"/> and <see cref="Detail"/>: libvirt translates its texts
/// (a remote daemon into its own language). Thread safety: immutable. Source: <c>virGetLastError</c> on the thread of the call.
/// </remarks>
public sealed class LibvirtException : PassthroughException
{
    /// <summary>Creates an error as libvirt reports it; for code that stands in for libvirt in tests.</summary>
    /// <param name="message">What could not be done, why, and the way out.</param>
    /// <param name="code">libvirt's error number.</param>
    /// <param name="domain">The part of libvirt.</param>
    /// <param name="nativeMessage">libvirt's own text, whole.</param>
    public LibvirtException(string message, LibvirtErrorCode code, LibvirtErrorDomain domain, string nativeMessage)
        : base(message)
    {
        Code = code;
        Domain = domain;
        NativeMessage = nativeMessage;
    }

    /// <summary>The kind of error; a number without a name is a kind newer than this library.</summary>
    public LibvirtErrorCode Code { get; }

    /// <summary>The part of libvirt that reports it.</summary>
    public LibvirtErrorDomain Domain { get; }

    /// <summary>How bad it is.</summary>
    public LibvirtErrorLevel Level { get; init; } = LibvirtErrorLevel.Error;

    /// <summary>libvirt's text, whole and unchanged save for a line end: what <c>virsh</c> prints after <c>error:</c>.</summary>
    public string NativeMessage { get; }

    /// <summary>libvirt's text without its prefix (<c>str2</c>); null where libvirt gives none.</summary>
    public string? Detail { get; init; }

    /// <summary>libvirt's first number (<c>int1</c>); its meaning depends on the code. 0 where it has none.</summary>
    public int Int1 { get; init; }

    /// <summary>libvirt's second number (<c>int2</c>); its meaning depends on the code. 0 where it has none.</summary>
    public int Int2 { get; init; }

    /// <summary>The errno of the system call that failed; null unless <see cref="Code"/> is <see cref="LibvirtErrorCode.SystemError"/>.</summary>
    public int? Errno => Code == LibvirtErrorCode.SystemError && Int1 != 0 ? Int1 : null;
}
