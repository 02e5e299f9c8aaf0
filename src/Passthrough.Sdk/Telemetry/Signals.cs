using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Passthrough.Sdk.Telemetry;

/// <summary>The activity source, the meter and the instruments of the library.</summary>
/// <remarks>
/// They are static, as in .NET's own libraries: a plan applies itself and a connection opens itself, so that nothing around them sees their
/// steps, and there is no container to get a source from. Nothing here changes after it was created: without a listener, each of
/// them does nothing.
/// </remarks>
internal static class Signals
{
    private static readonly string? Version = typeof(Signals).Assembly.GetName().Version?.ToString();

    /// <summary>The only source of activities.</summary>
    public static readonly ActivitySource Activities = new(PassthroughTelemetry.Name, Version);

    private static readonly Meter Meter = new(PassthroughTelemetry.Name, Version);

    /// <summary>The time of a capture, by <see cref="Tag.CaptureScope"/>.</summary>
    public static readonly Histogram<double> CaptureDuration = Seconds(
        "passthrough.capture.duration", "The time that a capture of a host took.", [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]);

    /// <summary>The time from the call of ApplyAsync to its end, by <see cref="Tag.PlanKind"/> and <see cref="Tag.PlanOutcome"/>.</summary>
    public static readonly Histogram<double> PlanDuration = Seconds(
        "passthrough.plan.duration", "The time that it took to apply a plan, including an undo.", [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]);

    /// <summary>The steps of plans that came to an end, by <see cref="Tag.StepKind"/> and <see cref="Tag.StepOutcome"/>.</summary>
    public static readonly Counter<long> PlanSteps = Meter.CreateCounter<long>(
        "passthrough.plan.steps", "{step}", "The steps of plans that were done, failed, were undone or could not be undone.");

    /// <summary>The time to open a connection to libvirt; with <see cref="Tag.ErrorType"/> if it failed.</summary>
    public static readonly Histogram<double> ConnectDuration = Seconds(
        "passthrough.libvirt.connect.duration", "The time that it took to open a connection to libvirt.", [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]);

    /// <summary>Marks an activity as failed, as OpenTelemetry wants it: the status, and the type of the error.</summary>
    public static void Fail(this Activity? activity, Exception error) =>
        activity?.SetStatus(ActivityStatusCode.Error, error.Message).SetTag(Tag.ErrorType, TypeOf(error));

    /// <summary>The value of <see cref="Tag.ErrorType"/>.</summary>
    public static string TypeOf(Exception error) => error.GetType().FullName!;

    /// <summary>A value of an enumeration as OpenTelemetry writes values: <c>virtual_functions</c>.</summary>
    public static string Word(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static Histogram<double> Seconds(string name, string description, double[] bounds) =>
        Meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
