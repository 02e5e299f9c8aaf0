using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Extensions;

/// <summary>The log messages of this package; events 400 to 499.</summary>
internal static partial class ExtensionsLog
{
    [LoggerMessage(400, LogLevel.Debug, "Checked the host in {Milliseconds} ms: ready {IsReady}, {Findings} findings, {Differences} differences from the desired state")]
    public static partial void StatusRead(this ILogger logger, bool? isReady, int findings, int differences, double milliseconds);

    [LoggerMessage(401, LogLevel.Error, "The host {Source} cannot be checked; the next attempt is in {Interval}")]
    public static partial void CheckFailed(this ILogger logger, string source, TimeSpan interval, Exception error);

    [LoggerMessage(410, LogLevel.Information, "Watching the devices of {Source}, with a check every {Interval}")]
    public static partial void Watching(this ILogger logger, string source, TimeSpan interval);

    [LoggerMessage(411, LogLevel.Information, "The devices of {Source} cannot be watched, because it is not this machine; it is checked every {Interval}")]
    public static partial void NotWatched(this ILogger logger, string source, TimeSpan interval);

    [LoggerMessage(412, LogLevel.Warning, "The watch of the devices of {Source} ended; until it can begin again, the host is checked every {Interval}")]
    public static partial void WatchEnded(this ILogger logger, string source, TimeSpan interval, Exception? error);

    [LoggerMessage(413, LogLevel.Information, "Device {Device}: {Kind}, driver {Driver}")]
    public static partial void Changed(this ILogger logger, string? device, HostChangeKind kind, string? driver);

    [LoggerMessage(EventId = 420, Message = "New finding {Id} ({Severity}): {Title} - {Remedy}")]
    public static partial void Appeared(this ILogger logger, LogLevel level, string id, FindingSeverity severity, string title, string remedy);

    [LoggerMessage(421, LogLevel.Information, "The finding {Id} no longer applies: {Title}")]
    public static partial void Resolved(this ILogger logger, string id, string title);

    [LoggerMessage(422, LogLevel.Warning, "{Problem}")]
    public static partial void StateNotCompared(this ILogger logger, string problem);

    [LoggerMessage(430, LogLevel.Information, "The libvirt connection {Name} is open: {Uri}")]
    public static partial void Connected(this ILogger logger, string name, string uri);

    [LoggerMessage(431, LogLevel.Warning, "The libvirt connection {Name} to {Uri} is lost; it is opened again when it is asked for")]
    public static partial void Lost(this ILogger logger, string name, string uri);

    // The reason without a stack: a daemon that is down causes this message again and again.
    [LoggerMessage(432, LogLevel.Warning, "The libvirt connection {Name} is not open: {Reason}; the next attempt is possible in {Delay}")]
    public static partial void NotConnected(this ILogger logger, string name, string reason, TimeSpan delay);
}
