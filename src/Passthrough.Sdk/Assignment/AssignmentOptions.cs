using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Assignment;

/// <summary>How plans are applied.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record AssignmentOptions
{
    /// <summary>The directory for the journal. It must survive what the domain's definition survives: a reboot too.</summary>
    /// <remarks>The default is <c>/var/lib/passthrough/journal</c>. It is made when it is not there, for its owner only.</remarks>
    public string JournalDirectory { get; init; } = "/var/lib/passthrough/journal";

    /// <summary>How long a guest may take to let go of a device that is unplugged. The default is 30 seconds.</summary>
    /// <remarks>A guest without an operating system that answers the request (still in its firmware, or hung) never lets go.</remarks>
    public TimeSpan UnplugTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the kernel may take to bind a driver. The default is 10 seconds.</summary>
    public TimeSpan DriverTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets every step as a log message; null for none.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
