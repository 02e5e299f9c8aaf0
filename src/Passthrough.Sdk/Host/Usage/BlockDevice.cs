using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>A disk that a PCI function provides to the host, with all that is built on it.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record BlockDevice
{
    /// <summary>Gets the kernel's name, <c>nvme0n1</c>, <c>sda</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets its size in bytes. Source: /sys/class/block/NAME/size.</summary>
    public Fact<long> Size { get; init; }

    /// <summary>Gets its partitions.</summary>
    public ValueList<string> Partitions { get; init; } = [];

    /// <summary>
    /// Gets the block devices that are built on it or its partitions, directly or indirectly: logical volumes, encrypted ones, RAID arrays, loop
    /// devices (<c>dm-0</c>, <c>md127</c>). Sources: the slaves of every block device, /sys/class/block/loopN/loop/backing_file.
    /// </summary>
    public ValueList<string> Holders { get; init; } = [];

    /// <summary>
    /// Gets the file systems that are mounted from it, its partitions or its holders, in any mount namespace that has a process.
    /// Unknown if none was found and the mounts of some namespaces cannot be read, unless <see cref="IsHeld"/> is known to be
    /// false. Sources: /proc/PID/mountinfo, one read for each mount namespace (/proc/PID/ns/mnt); members of a btrfs are found
    /// through /sys/fs/btrfs.
    /// </summary>
    public Fact<ValueList<BlockMount>> Mounts { get; init; }

    /// <summary>Gets the swap areas on it, its partitions or its holders, by device. Source: /proc/swaps.</summary>
    public Fact<ValueList<string>> Swaps { get; init; }

    /// <summary>
    /// Gets the other uses of it, its partitions or its holders: active volumes and arrays, journals of other file systems, file systems
    /// that no readable mount table shows, loop devices, exports to other hosts. Unknown if none was found and a source cannot be read.
    /// Sources: /sys/class/block, /sys/fs, /proc/fs/jbd2, /sys/kernel/config/nvmet, /sys/kernel/config/target,
    /// /sys/bus/xen-backend.
    /// </summary>
    public Fact<ValueList<BlockUse>> Uses { get; init; }

    /// <summary>
    /// Gets whether the kernel or a program holds it, or one of its partitions, exclusively: a mounted file system in any namespace,
    /// swap, an array, a volume. Known only on the live host, for the functions that <see cref="CaptureOptions.DetailsOf"/> names.
    /// Source: an open(2) of the device's node for reading with O_EXCL, which then fails with EBUSY and changes nothing.
    /// </summary>
    public Fact<bool> IsHeld { get; init; }
}
