using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Pci.Details;

/// <summary>The details of a PCI function, which are read on request.</summary>
/// <remarks>
/// Everything is from the files of <c>/sys/bus/pci/devices/ADDRESS</c> that the members name (kernel:
/// Documentation/ABI/testing/sysfs-bus-pci). A value is null if the kernel has no such file for this function, or if it could not be read;
/// the latter is listed in <see cref="Host.HostSnapshot.Unread"/>. For a host that is captured through libvirt (<see cref="Libvirt.LibvirtHost"/>), only
/// link, virtual functions, mediated devices, bridges and vital product data are known. Thread safety: immutable.
/// </remarks>
public sealed class PciDeviceDetails
{
    /// <summary>Creates details of which nothing is known, for tests and for other sources than a host's files.</summary>
    public PciDeviceDetails()
    {
    }

    /// <summary>
    /// Gets whether a driver seems to be releasing it and has not finished: no driver is bound, but the function is
    /// enabled or has message interrupts. This is also true if a driver left it in this state. False for a bridge, which is enabled for
    /// the devices below it; null if the source does not report it. Source: the link <c>driver</c>, <c>enable</c>, <c>msi_irqs</c>.
    /// </summary>
    public bool? IsBeingReleased { get; init; }

    /// <summary>
    /// Gets the only driver that may bind; null if every matching driver may. Source: <c>driver_override</c>. It is not read, because the
    /// read could wait forever, while <see cref="IsBeingReleased"/> is true.
    /// </summary>
    public string? DriverOverride { get; init; }

    /// <summary>Gets the identification for module loading: <c>pci:v00008086d000010D3...</c>. Source: <c>modalias</c>.</summary>
    public string? Modalias { get; init; }

    /// <summary>Gets the CPUs nearest to it, as a list: <c>0-3,8-11</c>. Source: <c>local_cpulist</c>.</summary>
    public string? LocalCpus { get; init; }

    /// <summary>Gets whether a driver or another program has enabled it. Source: <c>enable</c>.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>Gets the legacy interrupt; 0 for none. Source: <c>irq</c>.</summary>
    public int? Interrupt { get; init; }

    /// <summary>
    /// Gets the message-signalled interrupts in use, MSI or MSI-X; empty if there are none; null if the source does not report them. Source: the
    /// names in <c>msi_irqs</c>, a directory that exists only while there are any.
    /// </summary>
    public ValueList<int>? MessageInterrupts { get; init; }

    /// <summary>Gets the power state and settings.</summary>
    public PciPower Power { get; init; } = new();

    /// <summary>Gets the PCI Express link above it; null if it has none, or the kernel does not show it.</summary>
    public PciLink? Link { get; init; }

    /// <summary>
    /// Gets the address ranges in use, including the expansion ROM (index 6), without those that have no size; null if the
    /// kernel does not report them. Source: <c>resource</c>, <c>resourceN_resize</c>, else the
    /// configuration header, which has no sizes.
    /// </summary>
    public ValueList<PciBar>? Bars { get; init; }

    /// <summary>
    /// Gets the reset methods in the order in which the kernel tries them: <c>device_specific</c>, <c>acpi</c>, <c>flr</c>,
    /// <c>af_flr</c>, <c>pm</c>, <c>bus</c>, <c>cxl_bus</c>; empty if it cannot be reset alone; null if the kernel
    /// does not report them (before 5.15). Source: <c>reset_method</c>.
    /// </summary>
    public ValueList<string>? ResetMethods { get; init; }

    /// <summary>
    /// Gets the name of the function's own VFIO device, <c>vfio0</c>, which programs that use IOMMUFD open as /dev/vfio/devices/vfio0; null
    /// if the function is not bound to a VFIO driver, or the kernel does not have such devices (they exist since Linux 6.1; the node
    /// since 6.6). Source: the directory <c>vfio-dev</c>.
    /// </summary>
    public string? VfioDevice { get; init; }

    /// <summary>Gets the SR-IOV state; null if the function cannot have virtual functions.</summary>
    public PciSriov? Sriov { get; init; }

    /// <summary>Gets the index of a virtual function among those of its physical function, from 0; null for other functions. Source: the links <c>virtfnN</c> of that one.</summary>
    public int? VirtualFunctionIndex { get; init; }

    /// <summary>Gets the types of mediated devices that it can create, in the order of their names. Source: <c>mdev_supported_types</c>.</summary>
    public ValueList<MediatedDeviceType> MediatedDeviceTypes { get; init; } = [];

    /// <summary>
    /// Gets the bridges above it, from the root port (or the function itself, excluded) down; empty on a root bus, and where
    /// the tree does not show it. Source: where the link of the bus leads.
    /// </summary>
    public ValueList<PciAddress> Bridges { get; init; } = [];

    /// <summary>Gets the bus below a bridge; null for other functions. Source: <c>secondary_bus_number</c>, else the configuration header.</summary>
    public byte? SecondaryBus { get; init; }

    /// <summary>Gets the highest bus below a bridge; null for other functions. Source: <c>subordinate_bus_number</c>, else the configuration header.</summary>
    public byte? SubordinateBus { get; init; }

    /// <summary>Gets the name of its slot, as printed on the board or the case. Source: <c>/sys/bus/pci/slots/NAME/address</c>.</summary>
    public string? PhysicalSlot { get; init; }

    /// <summary>Gets the firmware's number for an on-board device. Source: <c>acpi_index</c>, else <c>index</c>.</summary>
    public int? AcpiIndex { get; init; }

    /// <summary>Gets the firmware's name for it: <c>Onboard LAN</c>. Source: <c>label</c>.</summary>
    public string? Label { get; init; }

    /// <summary>Gets its path in the ACPI namespace. Source: <c>firmware_node/path</c>.</summary>
    public string? AcpiPath { get; init; }

    /// <summary>Gets whether the firmware used it as its display; null if it is not a display. Source: <c>boot_vga</c>.</summary>
    public bool? IsBootVga { get; init; }

    /// <summary>Gets whether it is outside the case, according to the firmware (Thunderbolt, USB4); null if the firmware does not report it. Source: <c>removable</c>.</summary>
    public bool? IsRemovable { get; init; }

    /// <summary>
    /// Gets the vital product data, such as part and serial number; null if it has none, if it was not requested
    /// (<see cref="Host.CaptureOptions.VitalProductData"/>), or if reading it requires root. Source: <c>vpd</c>.
    /// </summary>
    public VitalProductData? VitalProductData { get; init; }

    /// <summary>
    /// Gets the configuration space, as far as the user may read it (64 bytes without CAP_SYS_ADMIN); null if it was not
    /// readable, or not read because the function sleeps (D3cold) and a read would wake it. Source: <c>config</c>.
    /// </summary>
    public PciConfigurationSpace? Configuration { get; init; }
}
