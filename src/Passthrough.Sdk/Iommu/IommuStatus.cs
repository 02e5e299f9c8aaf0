using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Iommu;

/// <summary>The IOMMUs that the running kernel uses, and their state.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IommuStatus
{
    /// <summary>Gets the units. Source: /sys/class/iommu; absent in a kernel without IOMMU support, empty if it uses none.</summary>
    public Fact<ValueList<IommuUnit>> Units { get; init; }

    /// <summary>
    /// Gets the number of IOMMU groups, without those that VFIO creates if it is configured to work without an IOMMU. Source:
    /// /sys/kernel/iommu_groups; absent in a kernel without IOMMU support.
    /// </summary>
    public Fact<int> GroupCount { get; init; }

    /// <summary>
    /// Gets whether interrupts are remapped, so that a device cannot raise those of others. Sources, in this order:
    /// /proc/interrupts (the chips of a remapped interrupt begin with <c>IR-</c>; an Arm ITS isolates on its own), the kernel
    /// log, the extended capabilities of the units.
    /// </summary>
    public Fact<bool> InterruptRemapping { get; init; }

    /// <summary>Gets whether there is at least one IOMMU group. Source: /sys/kernel/iommu_groups.</summary>
    public Fact<bool> IsActive => GroupCount.Select(count => count > 0);
}
