using Microsoft.Extensions.DependencyInjection;
using Passthrough.Sdk;
using Passthrough.Sdk.Extensions;
using Passthrough.Sdk.Pci;

namespace Example;

/// <summary>Gives a device to a domain of the local libvirt.</summary>
public sealed class Assigner(IPassthroughHost host, [FromKeyedServices("local")] ILibvirtConnectionSource libvirt)
{
    public async Task AssignAsync(PciDevice device, string name, CancellationToken cancellationToken = default)
    {
        var connection = await libvirt.GetAsync(cancellationToken);
        using var domain = connection.GetDomain(name);
        await host.Plan(device, to: domain).ApplyAsync(cancellationToken: cancellationToken);
    }
}
