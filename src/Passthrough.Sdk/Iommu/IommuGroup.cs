using System.Collections.Immutable;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu;

/// <summary>The smallest set of devices that the IOMMU keeps apart from all others: given away together or not at all.</summary>
/// <remarks>
/// Source: <c>/sys/kernel/iommu_groups/N</c> (kernel: Documentation/ABI/testing/sysfs-kernel-iommu_groups). Whether it can
/// be given away now is a verdict, not a fact, and is not here. Thread safety: immutable.
/// </remarks>
public sealed class IommuGroup
{
    internal IommuGroup(int id, ImmutableArray<PciAddress> devices)
    {
        Id = id;
        Devices = devices;
    }

    /// <summary>The group's number. It can change from one boot to the next.</summary>
    public int Id { get; }

    /// <summary>Its PCI functions in order, bridges and virtual functions included.</summary>
    public ImmutableArray<PciAddress> Devices { get; }

    /// <summary>Names of members that are no PCI functions (platform devices of device-tree machines); empty where the details were not captured.</summary>
    public ImmutableArray<string> OtherDevices { get; internal init; } = [];

    /// <summary>
    /// The kind of its default domain: <c>DMA</c>, <c>DMA-FQ</c>, <c>identity</c>, <c>blocked</c>; null where the details
    /// were not captured or the kernel has no such file. Source: <c>type</c>.
    /// </summary>
    public string? Type { get; internal init; }

    /// <summary>
    /// The ranges of I/O addresses its devices cannot use; null where the details were not captured or the file was not
    /// readable. Source: <c>reserved_regions</c>.
    /// </summary>
    public ImmutableArray<ReservedRegion>? ReservedRegions { get; internal init; }

    /// <summary><c>group 9: 0000:01:00.0 0000:01:00.1</c>.</summary>
    public override string ToString() => $"group {Id}: {string.Join(' ', Devices)}";
}
