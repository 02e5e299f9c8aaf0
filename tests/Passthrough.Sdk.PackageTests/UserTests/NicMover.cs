using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

/// <summary>A user's own class: gives the first free NIC of a host to a domain.</summary>
public sealed class NicMover(IPassthroughHost host, ILibvirtConnection libvirt)
{
    public async Task<PciAddress?> MoveAsync(string domain, CancellationToken cancellationToken = default)
    {
        using var guest = libvirt.GetDomain(domain);
        foreach (var nic in host.Capture().Devices.Where(device => device.ClassCode?.BaseClass == 2))
        {
            var plan = host.Plan(nic, guest);
            if (!plan.IsRefused)
            {
                await plan.ApplyAsync(cancellationToken: cancellationToken);
                return nic.Address;
            }
        }

        return null;
    }
}
