using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness;

/// <summary>The target domain of a plan.</summary>
/// <param name="Name">Its name.</param>
internal sealed record PlanTarget(string Name)
{
    /// <summary>Gets the XML of the running domain; null if it does not run.</summary>
    public DomainDocument? Live { get; init; }

    /// <summary>Gets whether devices are plugged into the running domain; if not, they need no place there.</summary>
    public bool IsPluggedInto { get; init; } = true;

    /// <summary>Gets the devices that the domain has and that its definition names.</summary>
    public ValueList<DomainDeviceUse> Uses { get; init; } = [];

    /// <summary>Gets those of the plan's devices that the domain is to use through IOMMUFD.</summary>
    public ValueList<PciAddress> Iommufd { get; init; } = [];

    /// <summary>
    /// Returns whether a function goes to the domain at its next start, whatever the plan does: the domain is shut off, and its
    /// definition has libvirt take the function from its driver.
    /// </summary>
    public bool Takes(PciAddress device) => Live is null && Uses.Any(use => use.Device == device && use is { IsRunning: false, IsManaged: true });

    /// <summary>Returns whether the running domain has a function of the host.</summary>
    public bool Has(PciAddress device) => Uses.Any(use => use.Device == device && use.IsRunning);

    /// <summary>Returns whether the domain has a function of the host, or its definition names it.</summary>
    public bool Names(PciAddress device) => Uses.Any(use => use.Device == device && !use.IsBuiltOn);
}
