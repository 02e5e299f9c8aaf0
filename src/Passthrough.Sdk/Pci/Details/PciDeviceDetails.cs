using System.Collections.Immutable;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Pci.Details;

/// <summary>What a host says about one PCI function when it is asked for everything.</summary>
/// <remarks>
/// Everything is from the files of <c>/sys/bus/pci/devices/ADDRESS</c> that the members name (kernel:
/// Documentation/ABI/testing/sysfs-bus-pci). Null: the kernel has no such file for this function, or it could not be read;
/// the second is in <see cref="Host.HostSnapshot.Unread"/>. Of what libvirt says of a host (<see cref="Libvirt.LibvirtHost"/>) only
/// link, virtual functions, mediated devices, bridges and vital product data are here. Thread safety: immutable.
/// </remarks>
public sealed class PciDeviceDetails
{
    internal PciDeviceDetails()
    {
    }

    /// <summary>
    /// Whether a driver seems to be letting go of it and has not come to the end: none is bound any more, and yet it is
    /// enabled or has message interrupts. A driver that left it so is taken for one, too. False for a bridge, which is enabled for
    /// what is below it; null where the source does not say. Source: the link <c>driver</c>, <c>enable</c>, <c>msi_irqs</c>.
    /// </summary>
    public bool? IsBeingReleased { get; internal init; }

    /// <summary>
    /// The one driver that may bind; null when any that fits may. Source: <c>driver_override</c>, which is not read, since the
    /// reading could wait for ever, while <see cref="IsBeingReleased"/>.
    /// </summary>
    public string? DriverOverride { get; internal init; }

    /// <summary>What module loading goes by: <c>pci:v00008086d000010D3...</c>. Source: <c>modalias</c>.</summary>
    public string? Modalias { get; internal init; }

    /// <summary>The CPUs nearest to it, as a list: <c>0-3,8-11</c>. Source: <c>local_cpulist</c>.</summary>
    public string? LocalCpus { get; internal init; }

    /// <summary>Whether a driver or somebody else has enabled it. Source: <c>enable</c>.</summary>
    public bool? IsEnabled { get; internal init; }

    /// <summary>The legacy interrupt; 0: none. Source: <c>irq</c>.</summary>
    public int? Interrupt { get; internal init; }

    /// <summary>
    /// The message-signalled interrupts in use, MSI or MSI-X; empty: none; null where the source does not say. Source: the
    /// names in <c>msi_irqs</c>, a directory that is there while there are any.
    /// </summary>
    public ImmutableArray<int>? MessageInterrupts { get; internal init; }

    /// <summary>Sleep and wake.</summary>
    public PciPower Power { get; internal init; } = new();

    /// <summary>The PCI Express link above it; null where it has none, or the kernel does not show it.</summary>
    public PciLink? Link { get; internal init; }

    /// <summary>
    /// The address ranges in use, the expansion ROM (index 6) included, those without a size left out; null where the
    /// kernel does not say. Source: <c>resource</c>, <c>resourceN_resize</c>, else the
    /// configuration header, which has no sizes.
    /// </summary>
    public ImmutableArray<PciBar>? Bars { get; internal init; }

    /// <summary>
    /// The ways to reset it in the order the kernel tries them: <c>device_specific</c>, <c>acpi</c>, <c>flr</c>,
    /// <c>af_flr</c>, <c>pm</c>, <c>bus</c>, <c>cxl_bus</c>; empty: it cannot be reset by itself; null where the kernel
    /// does not say (before 5.15). Source: <c>reset_method</c>.
    /// </summary>
    public ImmutableArray<string>? ResetMethods { get; internal init; }

    /// <summary>Virtual functions, where it can have them; else null.</summary>
    public PciSriov? Sriov { get; internal init; }

    /// <summary>For a virtual function, which of its physical function's it is, from 0; else null. Source: the links <c>virtfnN</c> of that one.</summary>
    public int? VirtualFunctionIndex { get; internal init; }

    /// <summary>The kinds of mediated devices it can make, in the order of their names. Source: <c>mdev_supported_types</c>.</summary>
    public ImmutableArray<MediatedDeviceType> MediatedDeviceTypes { get; internal init; } = [];

    /// <summary>
    /// The bridges above it, from the root port (or the function itself, excluded) down; empty on a root bus, and where
    /// the tree does not show it. Source: where the link of the bus leads.
    /// </summary>
    public ImmutableArray<PciAddress> Bridges { get; internal init; } = [];

    /// <summary>For a bridge the bus below it; else null. Source: <c>secondary_bus_number</c>, else the configuration header.</summary>
    public byte? SecondaryBus { get; internal init; }

    /// <summary>For a bridge the highest bus below it; else null. Source: <c>subordinate_bus_number</c>, else the configuration header.</summary>
    public byte? SubordinateBus { get; internal init; }

    /// <summary>The name of the slot it sits in, as on the board or the case. Source: <c>/sys/bus/pci/slots/NAME/address</c>.</summary>
    public string? PhysicalSlot { get; internal init; }

    /// <summary>The firmware's number for an on-board device. Source: <c>acpi_index</c>, else <c>index</c>.</summary>
    public int? AcpiIndex { get; internal init; }

    /// <summary>The firmware's name for it: <c>Onboard LAN</c>. Source: <c>label</c>.</summary>
    public string? Label { get; internal init; }

    /// <summary>Its path in the ACPI namespace. Source: <c>firmware_node/path</c>.</summary>
    public string? AcpiPath { get; internal init; }

    /// <summary>Whether the firmware drew its screen on it; null where it is no display. Source: <c>boot_vga</c>.</summary>
    public bool? IsBootVga { get; internal init; }

    /// <summary>Whether the firmware says that it sits outside the case (Thunderbolt, USB4); null where it does not say. Source: <c>removable</c>.</summary>
    public bool? IsRemovable { get; internal init; }

    /// <summary>
    /// Part and serial number and what else the maker wrote on it; null where it has none, where it was not asked for
    /// (<see cref="Host.CaptureOptions.VitalProductData"/>), and where it takes root to read it. Source: <c>vpd</c>.
    /// </summary>
    public VitalProductData? VitalProductData { get; internal init; }

    /// <summary>
    /// The configuration space as far as the reader's rights go (64 bytes without CAP_SYS_ADMIN); null where it was not
    /// readable, or not read because the function sleeps (D3cold) and the reading would wake it. Source: <c>config</c>.
    /// </summary>
    public PciConfigurationSpace? Configuration { get; internal init; }
}
