using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu;

/// <summary>The smallest set of devices that the IOMMU can isolate from all others. A group has one owner.</summary>
/// <remarks>
/// Source: <c>/sys/kernel/iommu_groups/N</c> (kernel: Documentation/ABI/testing/sysfs-kernel-iommu_groups). Whether it can
/// be assigned now is a verdict, not a fact, and is not part of this type. Thread safety: immutable.
/// </remarks>
public sealed class IommuGroup
{
    /// <summary>Creates a group, for tests and for other sources than a host's files.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="devices">Its PCI functions, in any order.</param>
    public IommuGroup(int id, IEnumerable<PciAddress> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        Id = id;
        ValueList<PciAddress> given = [.. devices];
        Devices = IsSorted(given.AsSpan()) ? given : [.. given.Distinct().Order()];
    }

    /// <summary>Gets the group's number. It can change from one boot to the next.</summary>
    public int Id { get; }

    /// <summary>Gets its PCI functions in order, including bridges and virtual functions.</summary>
    public ValueList<PciAddress> Devices { get; }

    /// <summary>Gets the names of members that are not PCI functions (platform devices of device-tree machines); empty if the details were not captured.</summary>
    public ValueList<string> OtherDevices { get; init; } = [];

    /// <summary>
    /// Gets the kind of its default domain: <c>DMA</c>, <c>DMA-FQ</c>, <c>identity</c>, <c>blocked</c>; null if the details
    /// were not captured or the kernel has no such file. Source: <c>type</c>.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>
    /// Gets the ranges of I/O addresses its devices cannot use; null if the details were not captured or the file was not
    /// readable. Source: <c>reserved_regions</c>.
    /// </summary>
    public ValueList<ReservedRegion>? ReservedRegions { get; init; }

    /// <summary>Returns a text such as <c>group 9: 0000:01:00.0 0000:01:00.1</c>.</summary>
    public override string ToString() => $"group {Id}: {string.Join(' ', Devices)}";

    // Nearly every group has one device, and the kernel's are read in order.
    private static bool IsSorted(ReadOnlySpan<PciAddress> devices)
    {
        for (var i = 1; i < devices.Length; i++)
        {
            if (devices[i - 1].CompareTo(devices[i]) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
