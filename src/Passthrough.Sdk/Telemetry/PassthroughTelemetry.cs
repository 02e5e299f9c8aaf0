namespace Passthrough.Sdk.Telemetry;

/// <summary>Names what the library reports through <see cref="System.Diagnostics"/>, for OpenTelemetry and every other listener.</summary>
/// <remarks>docs/extensions.md lists the activities and the instruments with their attributes. Thread safety: constants.</remarks>
/// <example>
/// <code>
/// services.AddOpenTelemetry()
///     .WithTracing(traces => traces.AddSource(PassthroughTelemetry.Name))
///     .WithMetrics(metrics => metrics.AddMeter(PassthroughTelemetry.Name));
/// </code>
/// </example>
public static class PassthroughTelemetry
{
    /// <summary>The name of the activity source and of the meter: <c>Passthrough.Sdk</c>.</summary>
    public const string Name = "Passthrough.Sdk";
}
