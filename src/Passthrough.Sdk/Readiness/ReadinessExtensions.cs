using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Readiness;

/// <summary>Checks whether passthrough will work on the host of a snapshot.</summary>
/// <remarks>These are pure functions of the snapshot: the result is the same for a live, a captured and a fake host. Thread
/// safety: all can be called concurrently.</remarks>
public static class ReadinessExtensions
{
    /// <summary>Checks the host and returns what prevents passthrough, the root cause first.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>.</param>
    /// <param name="guest">The kind of guest that will own a device; null for the kind that fits the host (<see
    /// cref="FittingGuest"/>).</param>
    public static ReadinessReport CheckReadiness(this HostSnapshot snapshot, GuestKind? guest = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return ReadinessEngine.Run(ReadinessRules.OfTheHost, new ReadinessContext(snapshot, guest ?? snapshot.FittingGuest()));
    }

    /// <summary>
    /// Returns the kind of guest that fits a host: in a Xen dom0 fully virtualised guests if Xen can run them, else paravirtualised
    /// ones; on any other host guests of QEMU. Sources: /sys/hypervisor/properties/features and capabilities, /proc/xen/capabilities.
    /// </summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>; without it the result is <see
    /// cref="GuestKind.Qemu"/>.</param>
    public static GuestKind FittingGuest(this HostSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var xen = snapshot.System.Environment.Xen;
        return !xen.IsDom0.Value ? GuestKind.Qemu
            : xen.Capabilities.Value?.Contains("hvm", StringComparison.Ordinal) == true ? GuestKind.XenHvm : GuestKind.XenPv;
    }

    /// <summary>
    /// Returns the steps of passthrough with QEMU and KVM that have no place with a guest, each with the reason. Instructions for KVM name them; on a host of Xen
    /// they change nothing.
    /// </summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>.</param>
    /// <param name="guest">The kind of guest that will own a device; null for the kind that fits the host (<see cref="FittingGuest"/>).</param>
    /// <returns>The steps in the order of the instructions; empty for a guest of QEMU.</returns>
    public static ValueList<InapplicableStep> StepsNotApplicable(this HostSnapshot snapshot, GuestKind? guest = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return InapplicableSteps.For(guest ?? snapshot.FittingGuest());
    }

    /// <summary>Checks devices and their host, and returns what prevents their assignment to a guest.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>.</param>
    /// <param name="devices">The addresses of the devices that will be assigned to one guest together; empty for the host alone.</param>
    /// <param name="guest">The kind of guest that will own them; null for the kind that fits the host (<see cref="FittingGuest"/>).</param>
    /// <param name="libvirt">The facts from libvirt; null if it was not queried.</param>
    /// <param name="expected">The expected identities of devices by address, recorded earlier; null for none.</param>
    public static ReadinessReport CheckDevices(
        this HostSnapshot snapshot,
        IEnumerable<PciAddress> devices,
        GuestKind? guest = null,
        LibvirtFacts? libvirt = null,
        IReadOnlyDictionary<PciAddress, PciIdentity>? expected = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(devices);
        var context = new ReadinessContext(snapshot, guest ?? snapshot.FittingGuest()) { Addresses = [.. devices], Libvirt = libvirt };
        return ReadinessEngine.Run(ReadinessRules.All, expected is null ? context : context with { Expected = expected });
    }

    /// <summary>Checks one device and its host, as <see cref="CheckDevices"/> does for several.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>.</param>
    /// <param name="device">The address of the device that will be assigned to a guest.</param>
    /// <param name="guest">The kind of guest that will own it; null for the kind that fits the host (<see cref="FittingGuest"/>).</param>
    /// <param name="libvirt">The facts from libvirt; null if it was not queried.</param>
    /// <param name="expected">The expected identity of the device, recorded earlier; null for none.</param>
    public static ReadinessReport CheckDevice(
        this HostSnapshot snapshot, PciAddress device, GuestKind? guest = null, LibvirtFacts? libvirt = null, PciIdentity? expected = null) =>
        snapshot.CheckDevices(
            [device], guest, libvirt, expected is null ? null : new Dictionary<PciAddress, PciIdentity> { [device] = expected });

    /// <summary>
    /// Returns what prevents the assignment of a group in its current state: the first member on a driver of the host may be taken from it,
    /// but no other member may be in use by the host while the first one is assigned.
    /// </summary>
    /// <param name="snapshot">The host.</param>
    /// <param name="group">One of its groups.</param>
    /// <returns>The report; empty if every endpoint of the group can be assigned alone.</returns>
    public static ReadinessReport CheckGroup(this HostSnapshot snapshot, IommuGroup group)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(group);
        var context = new ReadinessContext(snapshot, GuestKind.Qemu);
        return new ReadinessReport(
        [
            .. GroupNotViable.EndpointsOf(context, group)
                .Where(device => Vmd.ControllerOf(snapshot.Devices, device) is null) // it is assigned only with its controller
                .Select(device => GroupNotViable.Judge(context, group, new HashSet<PciAddress> { device.Address }))
                .OfType<Finding>()
                .Take(1) // the findings of the others would repeat it
        ]);
    }
}
