using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Iommu;

/// <summary>The IOMMUs that the running kernel drives, and whether they are at work.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IommuStatus
{
    /// <summary>The units. Source: /sys/class/iommu; absent in a kernel without IOMMU support, empty where it drives none.</summary>
    public Fact<ImmutableArray<IommuUnit>> Units { get; init; }

    /// <summary>
    /// How many IOMMU groups there are; those that VFIO makes where it was told to do without an IOMMU do not count. Source:
    /// /sys/kernel/iommu_groups; absent in a kernel without IOMMU support.
    /// </summary>
    public Fact<int> GroupCount { get; init; }

    /// <summary>
    /// Whether interrupts are remapped, so that a device cannot raise those of others. Sources, the first that tells:
    /// /proc/interrupts (the chips of a remapped interrupt begin with <c>IR-</c>; an Arm ITS isolates by itself), the kernel
    /// log, the extended capabilities of the units.
    /// </summary>
    public Fact<bool> InterruptRemapping { get; init; }

    /// <summary>Whether there is at least one IOMMU group. Source: /sys/kernel/iommu_groups.</summary>
    public Fact<bool> IsActive => GroupCount.Select(count => count > 0);
}
