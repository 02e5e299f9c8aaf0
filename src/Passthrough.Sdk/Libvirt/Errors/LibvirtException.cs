using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt;

/// <summary>The exception that is thrown when a libvirt call fails. The message says what failed, libvirt's own reason, and what to do if that is known.</summary>
/// <remarks>
/// Distinguish errors by <see cref="Code"/>, then <see cref="Domain"/> and <see cref="Detail"/>: libvirt translates its texts
/// (a remote daemon into its own language). Thread safety: immutable. Source: <c>virGetLastError</c> on the thread of the call.
/// </remarks>
public class LibvirtException : PassthroughException
{
    /// <summary>Creates an exception as a libvirt call would throw it, for code that replaces libvirt in tests.</summary>
    /// <param name="message">The message, which says what failed, why, and what to do.</param>
    /// <param name="code">libvirt's error number.</param>
    /// <param name="domain">The part of libvirt.</param>
    /// <param name="nativeMessage">libvirt's own complete text.</param>
    public LibvirtException(string message, LibvirtErrorCode code, LibvirtErrorDomain domain, string nativeMessage)
        : this(message, code, domain, nativeMessage, cause: null)
    {
    }

    internal LibvirtException(string message, LibvirtErrorCode code, LibvirtErrorDomain domain, string nativeMessage, Exception? cause)
        : base(message, cause)
    {
        Code = code;
        Domain = domain;
        NativeMessage = nativeMessage;
    }

    /// <summary>Gets the kind of the error. A number without a name is a kind that this library does not know.</summary>
    public LibvirtErrorCode Code { get; }

    /// <summary>Gets the part of libvirt that reports it.</summary>
    public LibvirtErrorDomain Domain { get; }

    /// <summary>Gets the severity.</summary>
    public LibvirtErrorLevel Level { get; init; } = LibvirtErrorLevel.Error;

    /// <summary>Gets libvirt's complete text, without a trailing line break: the text that <c>virsh</c> prints after <c>error:</c>.</summary>
    public string NativeMessage { get; }

    /// <summary>Gets libvirt's text without its prefix (<c>str2</c>); null if libvirt does not provide it.</summary>
    public string? Detail { get; init; }

    /// <summary>Gets libvirt's first number (<c>int1</c>); its meaning depends on the code. 0 if there is none.</summary>
    public int Int1 { get; init; }

    /// <summary>Gets libvirt's second number (<c>int2</c>); its meaning depends on the code. 0 if there is none.</summary>
    public int Int2 { get; init; }

    /// <summary>Gets the errno of the system call that failed; null unless <see cref="Code"/> is <see cref="LibvirtErrorCode.SystemError"/>.</summary>
    public int? Errno => Code == LibvirtErrorCode.SystemError && Int1 > 0 ? Int1 : null;
}
