using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The state of VFIO on a host.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record VfioStatus
{
    /// <summary>Gets the container node /dev/vfio/vfio, whose absence libvirt reports as "host doesn't support passthrough of host PCI devices".</summary>
    public Fact<DeviceNode> Container { get; init; }

    /// <summary>Gets the node of the newer interface, /dev/iommu (IOMMUFD); absent if the kernel has none.</summary>
    public Fact<DeviceNode> Iommufd { get; init; }

    /// <summary>Gets the nodes of IOMMU groups, /dev/vfio/NUMBER and <c>noiommu-NUMBER</c>: those with a device bound to VFIO. Absent if there is no /dev/vfio.</summary>
    public Fact<ValueList<DeviceNode>> Groups { get; init; }

    /// <summary>Gets the nodes of single devices, /dev/vfio/devices/vfioN; absent if the kernel makes none.</summary>
    public Fact<ValueList<DeviceNode>> Devices { get; init; }

    /// <summary>
    /// Gets whether VFIO is configured to work without interrupt remapping.
    /// Source: /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts; absent if that module is not loaded.
    /// </summary>
    public Fact<bool> AllowsUnsafeInterrupts { get; init; }

    /// <summary>
    /// Gets whether VFIO is configured to offer devices without any IOMMU.
    /// Source: /sys/module/vfio/parameters/enable_unsafe_noiommu_mode; absent in kernels built without it.
    /// </summary>
    public Fact<bool> AllowsNoIommu { get; init; }

    /// <summary>Gets the ids of the devices that vfio-pci binds to. Source: /sys/module/vfio_pci/parameters/ids, which most kernels do not expose; it is then absent.</summary>
    public Fact<string> Ids { get; init; }
}
