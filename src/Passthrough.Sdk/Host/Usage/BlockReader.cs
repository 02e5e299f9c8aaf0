using System.Collections.Immutable;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads the disks of PCI functions and what the host does with them.</summary>
internal static class BlockReader
{
    public static Fact<ILookup<PciAddress, BlockDevice>> Read(ISysfs files, Fact<BlockGraph> blocks)
    {
        Fact<ImmutableArray<MountTable.Entry>> mounts = MountTable.Read(files);
        Fact<ImmutableArray<string>> swaps = files.ReadText("/proc/swaps").Select(MountTable.ParseSwaps);
        return blocks.Select(graph =>
        {
            Fact<ImmutableArray<BlockMount>> placed = mounts.Select(all => Place(graph, all));
            Fact<ImmutableArray<(string Device, string Path)>> swapDevices = swaps.IsAbsent
                ? Fact.Known(ImmutableArray<(string, string)>.Empty, swaps.Source)
                : swaps.Select(all => Place(graph, all, placed.Value));
            return graph.Disks()
                .SelectMany(disks => disks.Select(name => (disks.Key, Disk: Disk(graph, name, placed, swapDevices))))
                .ToLookup(d => d.Key, d => d.Disk);
        });
    }

    private static BlockDevice Disk(
        BlockGraph graph, string name, Fact<ImmutableArray<BlockMount>> mounts, Fact<ImmutableArray<(string Device, string Path)>> swaps)
    {
        ImmutableArray<string> stack = graph.StackOn(name);
        return new BlockDevice
        {
            Name = name,
            Size = graph.SizeOf(name),
            Partitions = stack.RemoveAll(n => !graph.IsPartition(n)),
            Holders = stack.RemoveAll(n => n == name || graph.IsPartition(n)),
            Mounts = mounts.Select(all => all.RemoveAll(m => !stack.Contains(m.BlockDevice))),
            Swaps = swaps.Select(all => all.Where(s => stack.Contains(s.Device)).Select(s => s.Path).ToImmutableArray()),
        };
    }

    private static ImmutableArray<BlockMount> Place(BlockGraph graph, ImmutableArray<MountTable.Entry> mounts) =>
    [
        .. mounts.SelectMany(mount => graph.DevicesOf(mount), (mount, device) =>
            new BlockMount(mount.MountPoint, mount.FileSystem, mount.Source, device)).Distinct()
    ];

    // A swap file lies on the file system that is mounted nearest above it.
    private static ImmutableArray<(string Device, string Path)> Place(BlockGraph graph, ImmutableArray<string> swaps, ImmutableArray<BlockMount> mounts)
    {
        var placed = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (string swap in swaps)
        {
            if (graph.NameOf(swap) is { } device)
            {
                placed.Add((device, swap));
            }
            else if (!mounts.IsDefault)
            {
                int nearest = mounts.Where(m => IsUnder(swap, m.MountPoint)).Select(m => m.MountPoint.Length).DefaultIfEmpty().Max();
                placed.AddRange(mounts.Where(m => m.MountPoint.Length == nearest && IsUnder(swap, m.MountPoint)).Select(m => (m.BlockDevice, swap)));
            }
        }

        return placed.ToImmutable();
    }

    private static bool IsUnder(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (directory.EndsWith('/') || path.Length == directory.Length || path[directory.Length] == '/');
}
