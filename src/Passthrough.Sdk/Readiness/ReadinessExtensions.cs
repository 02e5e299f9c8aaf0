using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Readiness;

/// <summary>Asks a snapshot whether passthrough will work there.</summary>
/// <remarks>Pure functions of the snapshot: the same answer for a live, a captured and a fake host. Thread safety: all may be called at once.</remarks>
public static class ReadinessExtensions
{
    /// <summary>What stands between this host and a passed-through device, the root cause first.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>.</param>
    /// <param name="guest">The kind of guest that is to own a device; null for the one that fits the host (<see cref="FittingGuest"/>).</param>
    public static ReadinessReport CheckReadiness(this HostSnapshot snapshot, GuestKind? guest = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return ReadinessEngine.Run(ReadinessRules.OfTheHost, new ReadinessContext(snapshot, guest ?? snapshot.FittingGuest()));
    }

    /// <summary>
    /// The kind of guest that a host is made for: in a dom0 of Xen fully virtualised ones where Xen runs them, else paravirtualised
    /// ones; everywhere else guests of QEMU. Sources: /sys/hypervisor/properties/features and capabilities, /proc/xen/capabilities.
    /// </summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>; without, it is <see cref="GuestKind.Qemu"/>.</param>
    public static GuestKind FittingGuest(this HostSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var xen = snapshot.System.Environment.Xen;
        return !xen.IsDom0.Value ? GuestKind.Qemu
            : xen.Capabilities.Value?.Contains("hvm", StringComparison.Ordinal) == true ? GuestKind.XenHvm : GuestKind.XenPv;
    }

    /// <summary>What stands between these devices, on this host, and a guest: the host's findings and the devices' own.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>.</param>
    /// <param name="devices">The devices that are to go to one guest together; empty for the host alone.</param>
    /// <param name="guest">The kind of guest that is to own them; null for the one that fits the host (<see cref="FittingGuest"/>).</param>
    /// <param name="libvirt">What libvirt says; null to leave it out.</param>
    /// <param name="expected">What the devices at some of the addresses are meant to be, kept from before; null to leave it out.</param>
    public static ReadinessReport CheckDevices(
        this HostSnapshot snapshot,
        ImmutableArray<PciAddress> devices,
        GuestKind? guest = null,
        LibvirtFacts? libvirt = null,
        IReadOnlyDictionary<PciAddress, PciIdentity>? expected = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var context = new ReadinessContext(snapshot, guest ?? snapshot.FittingGuest()) { Addresses = devices, Libvirt = libvirt };
        return ReadinessEngine.Run(ReadinessRules.All, expected is null ? context : context with { Expected = expected });
    }

    /// <summary>
    /// What keeps a group from being given away as it is now: the first member on a driver of the host may be taken from it,
    /// a second one may not be in use by the host while the first is given away.
    /// </summary>
    /// <param name="snapshot">The host.</param>
    /// <param name="group">One of its groups.</param>
    /// <returns>Empty when every endpoint of the group can be given away by itself.</returns>
    public static ImmutableArray<Finding> CheckGroup(this HostSnapshot snapshot, IommuGroup group)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(group);
        var context = new ReadinessContext(snapshot, GuestKind.Qemu);
        return
        [
            .. GroupNotViable.EndpointsOf(context, group)
                .Select(device => GroupNotViable.Judge(context, group, ImmutableHashSet.Create(device.Address)))
                .OfType<Finding>()
                .Take(1) // the others say the same from their side
        ];
    }
}
