using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness;

/// <summary>The facts a rule may look at.</summary>
/// <param name="Snapshot">The host.</param>
/// <param name="Guest">The kind of guest that is to own a device.</param>
internal sealed record ReadinessContext(HostSnapshot Snapshot, GuestKind Guest)
{
    /// <summary>The devices in question; empty when the question is about the host alone.</summary>
    public ImmutableArray<PciAddress> Addresses { get; init; } = [];

    /// <summary>What the devices at some of the addresses are expected to be; empty where nobody says.</summary>
    public IReadOnlyDictionary<PciAddress, PciIdentity> Expected { get; init; } = ImmutableDictionary<PciAddress, PciIdentity>.Empty;

    /// <summary>What libvirt says; null when it was not asked.</summary>
    public LibvirtFacts? Libvirt { get; init; }

    /// <summary>The running domains that own devices, as far as libvirt was asked.</summary>
    public ImmutableDictionary<PciAddress, string> Owners
    {
        get => field ?? Libvirt?.Owners ?? ImmutableDictionary<PciAddress, string>.Empty;
        init;
    }

    /// <summary>Whether the kernel's own IOMMU and VFIO matter: on Xen the hypervisor takes their place.</summary>
    public bool NeedsVfio => Guest == GuestKind.Qemu;

    /// <summary>Whether the host is a dom0 of Xen, whose kernel drives no IOMMU, whatever guests are asked for.</summary>
    public bool IsDom0 => System.Environment.Xen.IsDom0.Value;

    /// <summary>Whether the kernel has IOMMU groups; null where nobody can tell. A function that names its group proves one.</summary>
    public bool? HasGroups =>
        System.Iommu.GroupCount.IsKnown ? System.Iommu.GroupCount.Value > 0
        : Snapshot.Devices.Any(device => device.IommuGroup is not null) ? true
        : System.Iommu.GroupCount.IsAbsent ? false : null;

    /// <summary>The host beside its devices.</summary>
    public HostSystem System => Snapshot.System;

    /// <summary>Those of the devices in question that are there.</summary>
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
