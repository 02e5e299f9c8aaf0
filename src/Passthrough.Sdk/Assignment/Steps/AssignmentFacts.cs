using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>The facts from which a plan for a domain decides which steps it needs.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Drivers">The drivers according to the host's files.</param>
/// <param name="Records">The records of the previous drivers of assigned devices.</param>
/// <param name="Definition">The persistent definition; empty if the domain has none.</param>
/// <param name="Live">The running domain's XML; empty if it does not run.</param>
/// <param name="Sharing">The devices that share an IOMMU group with another one of the plan.</param>
internal sealed record AssignmentFacts(
    IAssignmentDomain Domain, DriverWatch Drivers, BindingRecords Records, string Definition, string Live, IReadOnlySet<PciAddress> Sharing)
{
    /// <summary>The ids of the findings that the operator overruled in the plan.</summary>
    public ValueList<string> Overruled { get; init; } = [];

    /// <summary>Which descriptions of the domain the plan changes.</summary>
    public AssignmentScope Scope { get; init; }

    /// <summary>Whether libvirt takes the devices from their drivers; if not, the plan does.</summary>
    public bool IsManaged { get; init; } = true;

    /// <summary>The PCI controllers that the definition gets in addition.</summary>
    public ValueList<PciController> Controllers { get; init; } = [];

    /// <summary>The first device of the plan.</summary>
    public PciAddress? First { get; init; }

    /// <summary>Whether the plan changes the running guest.</summary>
    public bool ChangesGuest => Domain.IsRunning && Scope != AssignmentScope.Definition;

    /// <summary>Whether the plan changes the persistent definition.</summary>
    public bool ChangesDefinition => Domain.IsPersistent && Scope != AssignmentScope.Live;

    /// <summary>Whether the running domain names the device.</summary>
    public bool IsLive(AssignedDevice device) => Asks(Live, device);

    /// <summary>Whether the definition names the device.</summary>
    public bool IsDefined(AssignedDevice device) => Asks(Definition, device);

    /// <summary>Whether the domain still has the device after a release from the running guest only, or from the definition only.</summary>
    public bool StaysInDomain(AssignedDevice device) =>
        (Scope == AssignmentScope.Live && IsDefined(device)) || (Scope == AssignmentScope.Definition && IsLive(device));

    /// <summary>Whether the definition keeps the device and does not let libvirt bind it: then it stays bound for the next start of the domain.</summary>
    public bool StaysUnmanaged(AssignedDevice device) => !ChangesDefinition && IsUnmanaged(Definition, Live, device.Address);

    /// <summary>Whether a definition has the device and libvirt binds it for neither the definition nor the running guest: what it manages in the guest, it returns to the host's driver.</summary>
    public static bool IsUnmanaged(string definition, string live, PciAddress device) =>
        definition.Length > 0 && DomainXml.Asks(definition, device) && !DomainXml.IsManaged(definition, device) && !(live.Length > 0 && DomainXml.IsManaged(live, device));

    private static bool Asks(string xml, AssignedDevice device) => xml.Length > 0 && DomainXml.Asks(xml, device.Address);
}
