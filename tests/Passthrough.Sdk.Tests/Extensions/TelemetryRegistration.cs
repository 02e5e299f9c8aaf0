using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Passthrough.Sdk.Telemetry;

namespace Example;

/// <summary>Hands over to OpenTelemetry what the library reports. The exporters are those of the program.</summary>
public static class TelemetryRegistration
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddOpenTelemetry()
            .WithTracing(traces => traces.AddSource(PassthroughTelemetry.Name))
            .WithMetrics(metrics => metrics.AddMeter(PassthroughTelemetry.Name));
        return services;
    }
}
