using System.Collections.ObjectModel;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Readiness;

/// <summary>The facts that a rule may use.</summary>
/// <param name="Snapshot">The host.</param>
/// <param name="Guest">The kind of guest that will own a device.</param>
internal sealed record ReadinessContext(HostSnapshot Snapshot, GuestKind Guest)
{
    /// <summary>Gets the devices to check; empty if only the host is checked.</summary>
    public ValueList<PciAddress> Addresses { get; init; } = [];

    /// <summary>Gets the expected identities of devices, by address; empty if the caller has none.</summary>
    public IReadOnlyDictionary<PciAddress, PciIdentity> Expected { get; init; } = ReadOnlyDictionary<PciAddress, PciIdentity>.Empty;

    /// <summary>Gets the facts from libvirt; null if it was not queried.</summary>
    public LibvirtFacts? Libvirt { get; init; }

    /// <summary>Gets the target domain of the plan; null if there is no particular domain.</summary>
    public PlanTarget? Target { get; init; }

    /// <summary>Gets the devices that domains other than <see cref="Target"/> have or name in their definitions, if libvirt was
    /// queried.</summary>
    public ValueList<DomainDeviceUse> Uses
    {
        get => field.IsDefault ? Libvirt?.Uses ?? [] : field;
        init;
    }

    /// <summary>Gets the running domains other than <see cref="Target"/> that own devices, if libvirt was queried.</summary>
    public IReadOnlyDictionary<PciAddress, string> Owners
    {
        get => field ?? (Uses.IsEmpty ? Libvirt?.Owners ?? ReadOnlyDictionary<PciAddress, string>.Empty : LibvirtFacts.OwnersIn(Uses));
        init;
    }

    /// <summary>Gets whether the kernel's own IOMMU support and VFIO matter: on Xen the hypervisor replaces them.</summary>
    public bool NeedsVfio => Guest == GuestKind.Qemu;

    /// <summary>Gets whether the host is a Xen dom0, whose kernel controls no IOMMU, whatever guests are requested.</summary>
    public bool IsDom0 => System.Environment.Xen.IsDom0.Value;

    /// <summary>Gets whether the kernel has IOMMU groups; null if this is unknown. A function that names its group proves one.</summary>
    public bool? HasGroups =>
        System.Iommu.GroupCount.IsKnown ? System.Iommu.GroupCount.Value > 0
        : Snapshot.Devices.Any(device => device.IommuGroupId is not null) ? true
        : System.Iommu.GroupCount.IsAbsent ? false : null;

    /// <summary>Gets the facts about the host other than its devices.</summary>
    public HostSystem System => Snapshot.System;

    /// <summary>
    /// Gets the addresses to check, and those of functions that are assigned with them: those behind an Intel VMD controller. A
    /// use of any of these by the host prevents the assignment.
    /// </summary>
    public IEnumerable<PciAddress> Reached => Addresses.Concat(Vmd.Behind(Snapshot.Devices, Addresses));

    /// <summary>
    /// Adds the checked device to a finding about a function that is assigned with it (<see cref="Reached"/>), so that a
    /// query for that device finds the reason.
    /// </summary>
    public Finding WithAsked(Finding finding)
    {
        var asked = finding.Devices
            .Where(address => !Addresses.Contains(address))
            .Select(address => Snapshot.Devices.TryGet(address, out var device) ? Vmd.ControllerOf(Snapshot.Devices, device) : null)
            .OfType<PciAddress>()
            .Where(controller => Addresses.Contains(controller) && !finding.Devices.Contains(controller))
            .Distinct()
            .ToList();
        return asked.Count == 0 ? finding : finding with { Devices = [.. asked, .. finding.Devices] };
    }

    /// <summary>Gets the devices to check that exist.</summary>
    public IEnumerable<PciDevice> Devices
    {
        get
        {
            foreach (var address in Addresses)
            {
                if (Snapshot.Devices.TryGet(address, out var device))
                {
                    yield return device;
                }
            }
        }
    }
}
