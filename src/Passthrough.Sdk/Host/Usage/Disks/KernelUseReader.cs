using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Disks;

/// <summary>Uses of block devices that the kernel itself shows, whichever mount namespace somebody is in.</summary>
internal static class KernelUseReader
{
    // These file systems have a directory for each block device that one of theirs is mounted from.
    private static readonly ValueList<(string Directory, string Name)> FileSystems =
    [
        ("/sys/fs/ext4", "ext4"), ("/sys/fs/xfs", "xfs"), ("/sys/fs/f2fs", "f2fs"), ("/sys/fs/nilfs2", "nilfs2"),
        ("/sys/fs/erofs", "erofs"), ("/sys/fs/zonefs", "zonefs"), ("/proc/fs/reiserfs", "reiserfs"), ("/proc/fs/ntfs3", "ntfs3"),
    ];

    private const string Journals = "/proc/fs/jbd2";
    private const string Bcachefs = "/sys/fs/bcachefs";
    private const string Bcache = "/sys/fs/bcache";

    /// <summary>Reads them: file systems, journals that lie apart, members of bcache, memory disks that write back.</summary>
    public static FoundUses Read(ISysfs files, BlockGraph graph)
    {
        var uses = new List<BlockUse>();
        var missing = "";
        foreach (var (directory, name) in FileSystems)
        {
            foreach (var device in Names(directory).Where(graph.Has))
            {
                uses.Add(new BlockUse(BlockUseKind.FileSystem, device, name, $"{directory}/{device}"));
            }
        }

        foreach (var device in graph.MountedPools.SelectMany(pool => pool).Where(graph.Has))
        {
            uses.Add(new BlockUse(BlockUseKind.FileSystem, device, "btrfs", BlockGraph.Pools));
        }

        foreach (var directory in Names(Bcachefs).Select(pool => $"{Bcachefs}/{pool}"))
        {
            foreach (var member in Names(directory).Where(name => name.StartsWith("dev-", StringComparison.Ordinal)))
            {
                if (files.ReadLinkName($"{directory}/{member}/block").Value is { } device && graph.Has(device))
                {
                    uses.Add(new BlockUse(BlockUseKind.FileSystem, device, "bcachefs", $"{directory}/{member}/block"));
                }
            }
        }

        // A journal within its file system is called nvme0n1p1-8, by its inode; one that has a device for itself as that device.
        foreach (var device in Names(Journals))
        {
            if (graph.Has(device))
            {
                uses.Add(new BlockUse(BlockUseKind.Journal, device, "jbd2", $"{Journals}/{device}"));
            }
            else if (device.LastIndexOf('-') is > 0 and var at && graph.Has(device[..at]))
            {
                uses.Add(new BlockUse(BlockUseKind.FileSystem, device[..at], "ext4 or ocfs2", $"{Journals}/{device}"));
            }
        }

        if (files.ReadStatus(Bcache).IsKnown)
        {
            uses.AddRange(graph.Names.Where(name => !name.StartsWith("bcache", StringComparison.Ordinal)).Select(name => Member(files, graph, name)).OfType<BlockUse>());
        }

        foreach (var disk in graph.Names.Where(name => name.StartsWith("zram", StringComparison.Ordinal)))
        {
            var source = $"{graph.PathOf(disk)}/backing_dev";
            if (files.ReadText(source) is { IsKnown: true, Value: { } path } && (graph.NameOf(path) ?? graph.OfNode(path)) is { } device)
            {
                uses.Add(new BlockUse(BlockUseKind.MemoryDisk, device, disk, source) { EndCommand = $"swapoff /dev/{disk}; zramctl -r /dev/{disk}" });
            }
        }

        return new FoundUses([.. uses.DistinctBy(use => (use.Kind, use.BlockDevice, use.Kind == BlockUseKind.FileSystem ? "" : use.Name))], missing);

        IEnumerable<string> Names(string directory)
        {
            var names = files.List(directory);
            missing = missing.Length == 0 && names.IsUnknown ? $"{names.Source}: {names.Reason}" : missing;
            return names.IsKnown ? names.Value : [];
        }
    }

    // A device that is cached stands below a bcache device as a slave; a cache that waits for one, and one whose cache set is
    // missing, only have this directory.
    private static BlockUse? Member(ISysfs files, BlockGraph graph, string name)
    {
        var directory = $"{graph.PathOf(name)}/bcache";
        if (files.ReadLink($"{directory}/set") is { IsKnown: true, Value: { } set })
        {
            var pool = set[(set.LastIndexOf('/') + 1)..];
            return new BlockUse(BlockUseKind.Cache, name, $"cache set {pool}", $"{directory}/set") { EndCommand = $"echo 1 > {Bcache}/{pool}/stop" };
        }

        return files.ReadLinkName($"{directory}/dev") is { IsKnown: true, Value: { } device }
            ? new BlockUse(BlockUseKind.Cache, name, device, $"{directory}/dev") { UpperDevice = device, EndCommand = $"echo 1 > /sys/block/{device}/bcache/stop" }
            : files.ReadStatus($"{directory}/state").IsKnown
                ? new BlockUse(BlockUseKind.Cache, name, "without a cache", directory) { EndCommand = $"echo 1 > {directory}/stop" }
                : null;
    }
}
