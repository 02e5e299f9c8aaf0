using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Assignment;

/// <summary>The log messages of plans; events 300 to 399.</summary>
internal static partial class AssignmentLog
{
    [LoggerMessage(300, LogLevel.Information, "Step {Number}: {Description}")]
    public static partial void StepStarted(this ILogger logger, int number, string description);

    [LoggerMessage(301, LogLevel.Error, "Step {Number} failed: {Description}")]
    public static partial void StepFailed(this ILogger logger, int number, string description, Exception error);

    [LoggerMessage(302, LogLevel.Information, "Step {Number} taken back: {Description}")]
    public static partial void StepUndone(this ILogger logger, int number, string description);

    [LoggerMessage(303, LogLevel.Critical, "Step {Number} could not be taken back: {Description}")]
    public static partial void StepNotUndone(this ILogger logger, int number, string description, Exception error);

    [LoggerMessage(304, LogLevel.Information, "Plan for {Domain} applied: {Steps} steps")]
    public static partial void PlanApplied(this ILogger logger, string domain, int steps);
}
