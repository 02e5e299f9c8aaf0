using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host;

/// <summary>The state of Xen's pciback in dom0. All facts are absent if the driver is not loaded, or if this is not dom0.</summary>
/// <remarks>
/// Which guest has a device is not in these files: libvirt says it (<see cref="Libvirt.LibvirtFacts.Owners"/>). Source:
/// /sys/bus/pci/drivers/pciback and /sys/module/xen_pciback. Thread safety: immutable.
/// </remarks>
public sealed record PcibackStatus
{
    /// <summary>
    /// Gets the addresses whose devices pciback takes whenever the kernel looks for a driver for them: those that it has, and those that it once had
    /// and that nobody removed from this list. Source: <c>slots</c>.
    /// </summary>
    public Fact<ValueList<PciAddress>> Slots { get; init; }

    /// <summary>Gets the devices whose guest may write all of their configuration space. It can then disturb the host. Source: <c>permissive</c>.</summary>
    public Fact<ValueList<PciAddress>> Permissive { get; init; }

    /// <summary>Gets whether that holds for every device. Source: the module's parameter <c>permissive</c>.</summary>
    public Fact<bool> IsPermissiveForAll { get; init; }

    /// <summary>Gets the fields of configuration space that guests may write, for each device that pciback has. Source: <c>quirks</c>.</summary>
    public Fact<ValueList<PcibackQuirk>> Quirks { get; init; }

    /// <summary>
    /// Gets the list of devices that the driver was loaded with, to hide them from dom0; absent if it was loaded without one. Source: the module's parameter
    /// <c>hide</c>, which older kernels do not show.
    /// </summary>
    public Fact<string> Hide { get; init; }
}
