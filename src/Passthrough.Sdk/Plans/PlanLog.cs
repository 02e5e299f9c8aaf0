using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Plans;

/// <summary>The log messages of plans; events 300 to 399.</summary>
internal static partial class PlanLog
{
    [LoggerMessage(300, LogLevel.Information, "Step {Number}: {Description}")]
    public static partial void StepStarted(this ILogger logger, int number, string description);

    [LoggerMessage(301, LogLevel.Error, "Step {Number} failed: {Description}")]
    public static partial void StepFailed(this ILogger logger, int number, string description, Exception error);

    [LoggerMessage(302, LogLevel.Information, "Step {Number} undone: {Description}")]
    public static partial void StepUndone(this ILogger logger, int number, string description);

    [LoggerMessage(303, LogLevel.Critical, "Step {Number} could not be undone: {Description}")]
    public static partial void StepNotUndone(this ILogger logger, int number, string description, Exception error);

    [LoggerMessage(304, LogLevel.Information, "Plan for {Subject} applied: {Steps} steps")]
    public static partial void PlanApplied(this ILogger logger, string subject, int steps);

    [LoggerMessage(306, LogLevel.Error, "The plan in the journal entry {Path} could not be undone")]
    public static partial void EntryNotRecovered(this ILogger logger, string path, Exception error);

    [LoggerMessage(307, LogLevel.Error, "The journal entry {Id} could not be marked as failed")]
    public static partial void EntryNotMarked(this ILogger logger, string id, Exception error);

    [LoggerMessage(308, LogLevel.Information, "Guest of {Domain}, {Device}: {Message}")]
    public static partial void GuestChecked(this ILogger logger, string domain, string device, string message);

    [LoggerMessage(309, LogLevel.Warning, "Guest of {Domain}, {Device}: {Message}")]
    public static partial void NotInGuest(this ILogger logger, string domain, string device, string message);

    [LoggerMessage(305, LogLevel.Warning, "The progress listener threw an exception at step {Number}")]
    public static partial void ListenerFailed(this ILogger logger, int number, Exception error);
}
