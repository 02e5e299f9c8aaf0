using System.Collections.Immutable;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Sdk.Pci;

/// <summary>A PCI function as the host shows it when nothing but its few cheap attributes is read.</summary>
/// <remarks>
/// Everything is from <c>/sys/bus/pci/devices/ADDRESS</c> (kernel: Documentation/ABI/testing/sysfs-bus-pci), most of it
/// from one read of <c>modalias</c>; the configuration space is not touched, nor any file that waits for a driver. Names of the ids are in the id database, not
/// here. What the host did not say is null. Thread safety: immutable.
/// </remarks>
public sealed class PciDevice
{
    internal PciDevice(PciAddress address) => Address = address;

    /// <summary>Where the function is.</summary>
    public PciAddress Address { get; }

    /// <summary>What it is; null where the host does not say. Source: <c>modalias</c>, else <c>class</c>, else <c>uevent</c> PCI_CLASS.</summary>
    public PciClassCode? ClassCode { get; internal init; }

    /// <summary>Vendor id; null where the host does not say. Source: <c>modalias</c>, else <c>vendor</c>, else <c>uevent</c> PCI_ID.</summary>
    public ushort? VendorId { get; internal init; }

    /// <summary>Device id; null where the host does not say. Source: <c>modalias</c>, else <c>device</c>, else <c>uevent</c> PCI_ID.</summary>
    public ushort? DeviceId { get; internal init; }

    /// <summary>
    /// Subsystem vendor id; null where the function has none (0000 or ffff) or the host does not say. Source:
    /// <c>modalias</c>, else <c>subsystem_vendor</c>, else <c>uevent</c> PCI_SUBSYS_ID.
    /// </summary>
    public ushort? SubsystemVendorId { get; internal init; }

    /// <summary>Subsystem device id; null when <see cref="SubsystemVendorId"/> is.</summary>
    public ushort? SubsystemDeviceId { get; internal init; }

    /// <summary>
    /// Revision; null where the host does not say. Source: <c>revision</c>; kernels before 4.10 have no such file, there
    /// it is byte 8 of <c>config</c>.
    /// </summary>
    public byte? Revision { get; internal init; }

    /// <summary>
    /// The bound driver; null when there is none, and from the moment on when it is told to let go. Source: the link
    /// <c>driver</c>, in a tree without <c>modalias</c> also <c>uevent</c> DRIVER.
    /// </summary>
    public string? Driver { get; internal init; }

    /// <summary>The IOMMU group; null when it is in none. Source: the link <c>iommu_group</c>, else the kernel's list of groups.</summary>
    public int? IommuGroup { get; internal set; }

    /// <summary>The NUMA node nearest to it; null where the kernel says -1 (none) or nothing. Source: <c>numa_node</c>.</summary>
    public int? NumaNode { get; internal init; }

    /// <summary>For a virtual function the physical one; else null. Source: the link <c>physfn</c>.</summary>
    public PciAddress? PhysicalFunction { get; internal init; }

    /// <summary>For a physical function its virtual ones that are there, in order; else empty. Source: their links <c>physfn</c>.</summary>
    public ImmutableArray<PciAddress> VirtualFunctions { get; internal set; } = [];

    /// <summary>
    /// Everything else the host says about it; null unless <see cref="Host.CaptureOptions.DetailsOf"/> or
    /// <see cref="Host.CaptureOptions.AllDetails"/> asked for it, or <see cref="Host.CaptureOptions.Isolation"/> for a part of it.
    /// </summary>
    public PciDeviceDetails? Details { get; internal set; }

    /// <summary>Whether it is a virtual function of SR-IOV.</summary>
    public bool IsVirtualFunction => PhysicalFunction is not null;

    /// <summary><c>0000:01:00.0 8086:10d3 [020000] e1000e</c>.</summary>
    public override string ToString() =>
        $"{Address} {VendorId?.ToString("x4", null) ?? "?"}:{DeviceId?.ToString("x4", null) ?? "?"} [{ClassCode?.ToString() ?? "?"}]{(Driver is null ? "" : " " + Driver)}";
}
