using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu;

/// <summary>A host has no IOMMU group of a number.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class IommuGroupNotFoundException : PassthroughException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="id">The requested number.</param>
    /// <param name="reason">The clause that says what the host has instead.</param>
    public IommuGroupNotFoundException(int id, string reason)
        : base($"the host has no IOMMU group {id}: {reason}; PciDevice.IommuGroupId is the group of a device, and PassthroughHost.Capture().IommuGroups has all groups, as 'ls /sys/kernel/iommu_groups' does") => Id = id;

    /// <summary>Gets the number that was asked for.</summary>
    public int Id { get; }
}
