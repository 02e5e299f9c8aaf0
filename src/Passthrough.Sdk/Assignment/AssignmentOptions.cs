using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Assignment;

/// <summary>How plans are applied.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record AssignmentOptions
{
    /// <summary>The directory for the journal. It must survive a crash of the program, not a reboot of the host.</summary>
    /// <remarks>The default is <c>/run/passthrough</c>: after a reboot every device is back on its host driver by itself.</remarks>
    public string JournalDirectory { get; init; } = "/run/passthrough";

    /// <summary>How long a guest may take to let go of a device that is unplugged. The default is 30 seconds.</summary>
    /// <remarks>A guest without an operating system that answers the request (still in its firmware, or hung) never lets go.</remarks>
    public TimeSpan UnplugTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the kernel may take to bind a driver. The default is 10 seconds.</summary>
    public TimeSpan DriverTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets every step as a log message; null for none.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
