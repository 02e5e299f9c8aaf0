using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Sdk.Pci;

/// <summary>A PCI function with the attributes that can be read cheaply.</summary>
/// <remarks>
/// Everything is from <c>/sys/bus/pci/devices/ADDRESS</c> (kernel: Documentation/ABI/testing/sysfs-bus-pci), most of it
/// from one read of <c>modalias</c>; the configuration space is not touched, nor any file that waits for a driver. Values that the host does not report are null. Thread safety: immutable.
/// </remarks>
public sealed class PciDevice
{
    /// <summary>Creates a function about which nothing but its address is known, for tests and for other sources than a host's files.</summary>
    /// <param name="address">The address.</param>
    public PciDevice(PciAddress address) => Address = address;

    /// <summary>Gets the address of the function.</summary>
    public PciAddress Address { get; }

    /// <summary>Gets the class code; null if the host does not report it. Source: <c>modalias</c>, else <c>class</c>, else <c>uevent</c> PCI_CLASS.</summary>
    public PciClassCode? ClassCode { get; init; }

    /// <summary>Gets the vendor id; null if the host does not report it. Source: <c>modalias</c>, else <c>vendor</c>, else <c>uevent</c> PCI_ID.</summary>
    public ushort? VendorId { get; init; }

    /// <summary>Gets the device id; null if the host does not report it. Source: <c>modalias</c>, else <c>device</c>, else <c>uevent</c> PCI_ID.</summary>
    public ushort? DeviceId { get; init; }

    /// <summary>
    /// Gets the subsystem vendor id; null if the function has none (0000 or ffff) or the host does not report it. Source:
    /// <c>modalias</c>, else <c>subsystem_vendor</c>, else <c>uevent</c> PCI_SUBSYS_ID.
    /// </summary>
    public ushort? SubsystemVendorId { get; init; }

    /// <summary>Gets the subsystem device id; null if <see cref="SubsystemVendorId"/> is.</summary>
    public ushort? SubsystemDeviceId { get; init; }

    /// <summary>
    /// Gets the revision; null if the host does not report it. Source: <c>revision</c>; kernels before 4.10 have no such file, there
    /// it is byte 8 of <c>config</c>.
    /// </summary>
    public byte? Revision { get; init; }

    /// <summary>
    /// Gets the bound driver; null if there is none, also from the moment when its unbinding begins. Source: the link
    /// <c>driver</c>, in a tree without <c>modalias</c> also <c>uevent</c> DRIVER.
    /// </summary>
    public string? Driver { get; init; }

    /// <summary>
    /// Gets the number of the function's IOMMU group; null if it is in none. <see cref="Host.HostSnapshot.IommuGroups"/> is indexed by it.
    /// Source: the link <c>iommu_group</c>, else the kernel's list of groups.
    /// </summary>
    public int? IommuGroupId { get; internal set; }

    /// <summary>Gets the NUMA node nearest to it; null if the kernel reports -1 (none) or nothing. Source: <c>numa_node</c>.</summary>
    public int? NumaNode { get; init; }

    /// <summary>Gets the physical function of a virtual function; null for other functions. Source: the link <c>physfn</c>.</summary>
    public PciAddress? PhysicalFunction { get; init; }

    /// <summary>Gets the existing virtual functions of a physical function, in order; empty for other functions. Source: their links <c>physfn</c>.</summary>
    public ValueList<PciAddress> VirtualFunctions { get; internal set; } = [];

    /// <summary>
    /// Gets the details; null unless <see cref="Host.CaptureOptions.DetailsOf"/> or
    /// <see cref="Host.CaptureOptions.AllDetails"/> requested them, or <see cref="Host.CaptureOptions.Isolation"/> a part of them.
    /// </summary>
    public PciDeviceDetails? Details { get; internal set; }

    /// <summary>
    /// Gets the names of the vendor and the device, <c>Intel Corporation 82574L Gigabit Network Connection</c>. It is null if neither is
    /// known; if only one is, the other one's id stands in its place: <c>Intel Corporation 10d3</c>.
    /// </summary>
    /// <remarks>
    /// Source: <c>pci.ids</c>, in the places of <see cref="PciIdDatabase.Load"/>: of the host, else of this machine. The file is opened
    /// when the first name of a host is asked for, and not again. For subsystems and classes use <see cref="PciIdDatabase"/>. In a
    /// snapshot of <c>LibvirtHost</c>, the names are those that libvirt gives.
    /// </remarks>
    public string? Name => GivenName ?? (VendorId is { } vendor && DeviceId is { } device ? Names?.Value.FindName(vendor, device) : null);

    /// <summary>Gets whether it is a virtual function of SR-IOV.</summary>
    public bool IsVirtualFunction => PhysicalFunction is not null;

    /// <summary>Gets the name from the description of the function; null if the description has only ids.</summary>
    internal string? GivenName { get; init; }

    /// <summary>The names of the host, opened by the first look-up; null where names are only given.</summary>
    internal Lazy<PciIdDatabase>? Names { get; set; }

    /// <summary>Returns a text such as <c>0000:01:00.0 8086:10d3 [020000] e1000e</c>.</summary>
    public override string ToString() =>
        $"{Address} {VendorId?.ToString("x4", null) ?? "?"}:{DeviceId?.ToString("x4", null) ?? "?"} [{ClassCode?.ToString() ?? "?"}]{(Driver is null ? "" : " " + Driver)}";
}
