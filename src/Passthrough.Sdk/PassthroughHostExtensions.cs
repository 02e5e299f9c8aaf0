using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk;

/// <summary>Short forms of what <see cref="IPassthroughHost"/> does.</summary>
/// <remarks>Thread safety: as <see cref="IPassthroughHost"/>.</remarks>
public static class PassthroughHostExtensions
{
    /// <summary>Plans the assignment of devices to a domain, in the running guest and in the definition: all devices of an IOMMU group, or all functions of a card.</summary>
    /// <param name="host">The host.</param>
    /// <param name="devices">The devices' addresses.</param>
    /// <param name="to">The domain, on this host.</param>
    /// <param name="options">The options for applying the plan; null means the defaults.</param>
    /// <returns>The plan. If a guard refuses it, for example because a device does not exist, its findings say so.</returns>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt does not answer. Nothing was changed.</exception>
    /// <exception cref="LibvirtNotThisHostException">The domain's connection is not known to lead to this machine.</exception>
    /// <exception cref="HostNotLocalException">The host is not the local one.</exception>
    public static AssignmentPlan Plan(this IPassthroughHost host, IEnumerable<PciAddress> devices, ILibvirtDomain to, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Plan(new AssignmentRequest(devices), to, options);
    }

    /// <summary>Plans to release devices from a domain, from the running guest and from the definition, and to return them to the host's drivers.</summary>
    /// <param name="host">The host.</param>
    /// <param name="devices">The devices' addresses.</param>
    /// <param name="from">The domain, on this host.</param>
    /// <param name="options">The options for applying the plan; null means the defaults.</param>
    /// <returns>The plan. It has no steps if the domain has none of the devices and the host has them all.</returns>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt does not answer. Nothing was changed.</exception>
    /// <exception cref="LibvirtNotThisHostException">The domain's connection is not known to lead to this machine.</exception>
    /// <exception cref="HostNotLocalException">The host is not the local one.</exception>
    public static AssignmentPlan PlanRelease(this IPassthroughHost host, IEnumerable<PciAddress> devices, ILibvirtDomain from, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.PlanRelease(new ReleaseRequest(devices), from, options);
    }
}
