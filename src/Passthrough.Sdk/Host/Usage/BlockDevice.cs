using System.Collections.Immutable;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>A disk that a PCI function provides to the host, with all that stands on it.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record BlockDevice
{
    /// <summary>The kernel's name, <c>nvme0n1</c>, <c>sda</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its size in bytes. Source: /sys/class/block/NAME/size.</summary>
    public Fact<long> Size { get; init; }

    /// <summary>Its partitions.</summary>
    public ImmutableArray<string> Partitions { get; init; } = [];

    /// <summary>
    /// The block devices that stand on it or its partitions, directly or not: logical volumes, encrypted ones, RAID arrays
    /// (<c>dm-0</c>, <c>md127</c>). Source: the slaves of every block device.
    /// </summary>
    public ImmutableArray<string> Holders { get; init; } = [];

    /// <summary>
    /// The file systems that are mounted from it, its partitions or its holders. Source: /proc/1/mountinfo where it may be read and
    /// /proc/self/mountinfo: a mount of another namespace alone is not seen. Members of a btrfs are found through /sys/fs/btrfs.
    /// </summary>
    public Fact<ImmutableArray<BlockMount>> Mounts { get; init; }

    /// <summary>The swap areas on it, its partitions or its holders, by device. Source: /proc/swaps.</summary>
    public Fact<ImmutableArray<string>> Swaps { get; init; }
}
