using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Libvirt;

/// <summary>How a connection is opened.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LibvirtConnectionOptions
{
    /// <summary>Whether nothing may be changed through the connection (<c>virsh --readonly</c>). The default is false.</summary>
    /// <remarks>A read-only connection to the system's daemon usually needs no rights; a change then fails with <see cref="LibvirtErrorCode.OperationDenied"/>.</remarks>
    public bool ReadOnly { get; init; }

    /// <summary>Takes the log; null, the default, for none.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
