using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Libvirt;

/// <summary>Options for opening a connection.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LibvirtConnectionOptions
{
    /// <summary>Gets whether the connection is read-only (<c>virsh --readonly</c>). The default is false.</summary>
    /// <remarks>A read-only connection to the system's daemon usually requires no rights; a change then fails with <see cref="LibvirtErrorCode.OperationDenied"/>.</remarks>
    public bool ReadOnly { get; init; }

    /// <summary>Gets the factory of the logger; null, the default, for no logging.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
