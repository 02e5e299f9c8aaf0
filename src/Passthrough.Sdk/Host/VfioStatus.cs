using System.Collections.Immutable;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>VFIO as a host offers it to user space.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record VfioStatus
{
    /// <summary>The container node /dev/vfio/vfio, whose absence libvirt reports as "host doesn't support passthrough of host PCI devices".</summary>
    public Fact<DeviceNode> Container { get; init; }

    /// <summary>The node of the newer interface, /dev/iommu (IOMMUFD); absent where the kernel has none.</summary>
    public Fact<DeviceNode> Iommufd { get; init; }

    /// <summary>The nodes of IOMMU groups, /dev/vfio/NUMBER and <c>noiommu-NUMBER</c>: those with a device bound to VFIO. Absent: no /dev/vfio.</summary>
    public Fact<ImmutableArray<DeviceNode>> Groups { get; init; }

    /// <summary>The nodes of single devices, /dev/vfio/devices/vfioN; absent where the kernel makes none.</summary>
    public Fact<ImmutableArray<DeviceNode>> Devices { get; init; }

    /// <summary>
    /// Whether VFIO was told to do without interrupt remapping.
    /// Source: /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts; absent while that module is not there.
    /// </summary>
    public Fact<bool> AllowsUnsafeInterrupts { get; init; }

    /// <summary>
    /// Whether VFIO was told to offer devices without any IOMMU.
    /// Source: /sys/module/vfio/parameters/enable_unsafe_noiommu_mode; absent in kernels built without it.
    /// </summary>
    public Fact<bool> AllowsNoIommu { get; init; }

    /// <summary>The ids that vfio-pci takes wherever it finds them. Source: /sys/module/vfio_pci/parameters/ids, which most kernels keep to themselves: then absent.</summary>
    public Fact<string> Ids { get; init; }
}
