using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Extensions;

/// <summary>Adds the library to the services of a .NET host.</summary>
/// <remarks>Thread safety: not thread-safe, like the collection of services.</remarks>
public static class PassthroughServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IPassthroughHost"/>, the <see cref="PlanOptions"/> of its plans, <see cref="IHostStatusCache"/>, <see cref="IPassthroughEvents"/> and the hosted
    /// service that watches the host. The logger factory of the container receives the messages of captures and plans.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>A builder, for the connections to libvirt.</returns>
    /// <remarks>
    /// Services that are registered before this call are kept: a test registers a fake host as <see cref="IPassthroughHost"/>. A second call only
    /// configures the options further. The health check is added with <c>AddHealthChecks().AddCheck&lt;PassthroughHealthCheck&gt;("passthrough")</c>.
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddPassthrough(options => options.StateFile = "/etc/passthrough/state.json")
    ///     .AddLibvirtConnection("local", "qemu:///system");
    /// </code>
    /// </example>
    public static PassthroughBuilder AddPassthrough(this IServiceCollection services, Action<PassthroughOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<PassthroughOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PassthroughOptions>, PassthroughOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(PlansOf);
        services.TryAddSingleton(Open);
        services.TryAddSingleton(provider => new PassthroughMetrics(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<HostStatusReader>();
        services.TryAddSingleton<IHostStatusCache>(provider => new HostStatusCache(
            provider.GetRequiredService<HostStatusReader>(),
            provider.GetRequiredService<IOptions<PassthroughOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<PassthroughMetrics>(),
            LoggersOf(provider).CreateLogger<HostStatusCache>()));
        services.TryAddSingleton<PassthroughEvents>();
        services.TryAddSingleton<IPassthroughEvents>(provider => provider.GetRequiredService<PassthroughEvents>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PassthroughWatcher>(provider => new(
            provider.GetRequiredService<IPassthroughHost>(),
            provider.GetRequiredService<IHostStatusCache>(),
            provider.GetRequiredService<PassthroughEvents>(),
            provider.GetServices<ILibvirtConnectionSource>(),
            provider.GetRequiredService<IOptions<PassthroughOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<PassthroughMetrics>(),
            LoggersOf(provider).CreateLogger<PassthroughWatcher>())));
        return new(services);
    }

    // A container without logging is served too; AddLogging is not in the abstractions.
    internal static ILoggerFactory LoggersOf(IServiceProvider provider) => provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;

    private static PlanOptions PlansOf(IServiceProvider provider) => new()
    {
        JournalDirectory = provider.GetRequiredService<IOptions<PassthroughOptions>>().Value.JournalDirectory,
        LoggerFactory = provider.GetService<ILoggerFactory>(),
    };

    private static IPassthroughHost Open(IServiceProvider provider)
    {
        var (time, loggers) = (provider.GetRequiredService<TimeProvider>(), provider.GetService<ILoggerFactory>());
        var host = provider.GetRequiredService<IOptions<PassthroughOptions>>().Value.Root is { } root
            ? PassthroughHost.At(root, time, loggers)
            : PassthroughHost.Local(time, loggers);
        return host.WithPlanOptions(provider.GetRequiredService<PlanOptions>());
    }
}
