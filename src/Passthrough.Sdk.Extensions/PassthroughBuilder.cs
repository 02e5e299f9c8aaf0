using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Passthrough.Sdk.Extensions;

/// <summary>Continues <see cref="PassthroughServiceCollectionExtensions.AddPassthrough"/>.</summary>
/// <remarks>Thread safety: not thread-safe, like the collection of services.</remarks>
public sealed class PassthroughBuilder
{
    internal PassthroughBuilder(IServiceCollection services) => Services = services;

    /// <summary>Gets the services that are configured.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Adds a connection to libvirt as the keyed service <see cref="ILibvirtConnectionSource"/>. It is opened when it is asked for, or by the
    /// hosted service, and opened again when it is dead.
    /// </summary>
    /// <param name="name">The name, which is the key: <c>[FromKeyedServices("local")] ILibvirtConnectionSource libvirt</c>.</param>
    /// <param name="uri">The URI, such as <c>qemu:///system</c>; null for libvirt's own choice.</param>
    /// <param name="configure">Sets the other options; null for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">A connection with this name exists already.</exception>
    /// <remarks>A connection needs Linux and libvirt's library. Elsewhere the attempt to open it fails, unless <see cref="LibvirtSourceOptions.Open"/> is set.</remarks>
    public PassthroughBuilder AddLibvirtConnection(string name, string? uri, Action<LibvirtSourceOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Services.Any(service => service.ServiceType == typeof(ILibvirtConnectionSource) && name.Equals(service.ServiceKey)))
        {
            throw new ArgumentException($"a libvirt connection with the name '{name}' was added already; give each connection its own name", nameof(name));
        }

        var options = Services.AddOptions<LibvirtSourceOptions>(name).Configure(each => each.Uri = uri).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LibvirtSourceOptions>, LibvirtSourceOptionsValidator>());
        Services.AddKeyedSingleton<ILibvirtConnectionSource>(name, (provider, _) => new LibvirtConnectionSource(
            name,
            provider.GetRequiredService<IOptionsMonitor<LibvirtSourceOptions>>().Get(name),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<PassthroughMetrics>(),
            PassthroughServiceCollectionExtensions.LoggersOf(provider)));

        // For whoever wants all of them: the health check, and the hosted service.
        Services.AddSingleton(provider => provider.GetRequiredKeyedService<ILibvirtConnectionSource>(name));
        return this;
    }
}
