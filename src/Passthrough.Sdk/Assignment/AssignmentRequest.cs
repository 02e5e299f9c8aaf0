using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment;

/// <summary>The devices that a domain is to get, and how.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record AssignmentRequest
{
    /// <summary>Creates a request; set <see cref="Devices"/>.</summary>
    public AssignmentRequest()
    {
    }

    /// <summary>Creates a request for devices.</summary>
    /// <param name="devices">The devices' addresses on the host.</param>
    /// <exception cref="ArgumentNullException"><paramref name="devices"/> is null.</exception>
    [SetsRequiredMembers]
    public AssignmentRequest(params IEnumerable<PciAddress> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        Devices = [.. devices];
    }

    /// <summary>Gets the devices' addresses on the host.</summary>
    public required ValueList<PciAddress> Devices { get; init; }

    /// <summary>
    /// Gets whether all functions of the devices' slots are assigned, such as a GPU with its sound and USB. In the domain's definition
    /// they share one slot, as on the host (<c>multifunction='on'</c>). The default is false.
    /// </summary>
    /// <remarks>
    /// libvirt cannot plug a card of several functions into a running guest (<c>virDomainPCIAddressEnsureAddr</c>), so there each
    /// function gets a slot of its own, until the domain starts again. Virtual functions of SR-IOV do not count as functions of the card.
    /// </remarks>
    public bool WholeCards { get; init; }

    /// <summary>
    /// Gets whether the other devices of the IOMMU groups are assigned too: the consent that a group with several devices needs.
    /// The default is false: then such a group refuses the plan (<see cref="Readiness.FindingIds.GroupNotViable"/>). Bridges stay with the host.
    /// </summary>
    public bool WholeGroups { get; init; }

    /// <summary>Gets whether the running guest, the definition, or both get the devices. The default is both.</summary>
    public AssignmentScope Scope { get; init; }

    /// <summary>
    /// Gets whether libvirt takes the devices from their drivers at each start of the domain, and returns them at its end
    /// (<c>managed='yes'</c>). The default is true.
    /// </summary>
    /// <remarks>
    /// If false, the plan binds them to VFIO itself (<c>virsh nodedev-detach</c>), and they stay bound while the domain is shut off.
    /// A reboot forgets that, so bind them at every boot too (<see cref="PassthroughHost.PlanPersist"/>). A device that the domain has already
    /// stays as it is: true does not change an unmanaged one, and false causes an <see cref="AssignmentException"/> for a managed one.
    /// </remarks>
    public bool IsManaged { get; init; } = true;

    /// <summary>
    /// Gets elements for devices that need more than the defaults: a ROM, an alias, a boot order, an address in the guest, a MAC address
    /// and a VLAN (<see cref="HostDeviceFactory"/>). Each is a <see cref="PciHostDevice"/> or a <see cref="HostInterface"/> of one of the devices.
    /// <see cref="PassthroughDevice.Managed"/> of the elements is ignored; <see cref="IsManaged"/> counts.
    /// </summary>
    /// <remarks>
    /// An interface without a MAC address gets one that the running guest and the definition have in common. A device that the domain has
    /// already keeps its element: one that says something else causes an <see cref="AssignmentException"/>.
    /// </remarks>
    public ValueList<PassthroughDevice> Elements { get; init; } = [];

    /// <summary>
    /// Gets the number of PCI Express root ports that the definition has free afterwards, for devices that are plugged in later. The plan
    /// adds those that are missing; the guest has them from its next start on. The default is 0: no port is added for later.
    /// </summary>
    public int SparePorts { get; init; }
}
