using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage.Disks;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads the disks of PCI functions and what the host does with them.</summary>
internal sealed class BlockReader
{
    private const string Sources = "/sys/class/block, /sys/fs, /sys/kernel/config";

    private readonly ISysfs _files;
    private readonly BlockGraph _graph;
    private readonly Fact<MountNamespaces> _namespaces;
    private readonly Fact<ValueList<BlockMount>> _mounts;
    private readonly Fact<ValueList<(string Device, string Path)>> _swaps;
    private readonly ValueList<FoundUses> _uses;
    private readonly HashSet<PciAddress> _asked;

    private BlockReader(ISysfs files, BlockGraph graph, Fact<MountNamespaces> namespaces, ValueList<PciAddress> claimsOf)
    {
        _files = files;
        _graph = graph;
        _namespaces = namespaces;
        _asked = [.. claimsOf];
        _mounts = namespaces.Select(all => PlaceMounts(graph, all.Entries));
        var swaps = files.ReadText("/proc/swaps").Select(MountTable.ParseSwaps);
        _swaps = swaps.IsAbsent
            ? Fact.Known(ValueList.Create<(string, string)>(), swaps.Source)
            : swaps.Select(all => PlaceSwaps(graph, all, _mounts.Value));
        _uses = [KernelUseReader.Read(files, graph), ExportReader.Read(files, graph)];
    }

    /// <summary>Reads the disks.</summary>
    /// <param name="files">The host.</param>
    /// <param name="blocks">Its block devices.</param>
    /// <param name="namespaces">Its mounts.</param>
    /// <param name="claimsOf">The functions about whose disks the kernel is asked whether somebody holds them.</param>
    public static Fact<ILookup<PciAddress, BlockDevice>> Read(
        ISysfs files, Fact<BlockGraph> blocks, Fact<MountNamespaces> namespaces, ValueList<PciAddress> claimsOf) => blocks.Select(graph =>
    {
        var reader = new BlockReader(files, graph, namespaces, claimsOf);
        return graph.Disks()
            .SelectMany(disks => disks.Select(name => (disks.Key, Disk: reader.Disk(disks.Key, name))))
            .ToLookup(d => d.Key, d => d.Disk);
    });

    private BlockDevice Disk(PciAddress owner, string name)
    {
        var stack = _graph.StackOn(name);
        var held = _asked.Contains(owner) ? Claims.Ask(_files, name, _graph.NumberOf(name)) : Claims.NotAsked(name);
        var mounts = _mounts.Select(all => all.Where(m => stack.Contains(m.BlockDevice)).ToValueList());
        var swaps = _swaps.Select(all => all.Where(s => stack.Contains(s.Device)).Select(s => s.Path).ToValueList());
        return new BlockDevice
        {
            Name = name,
            Size = _graph.SizeOf(name),
            Partitions = [.. stack.Where(_graph.IsPartition)],
            Holders = [.. stack.Where(n => n != name && !_graph.IsPartition(n))],
            Mounts = Settle(mounts, held),
            Swaps = swaps,
            Uses = Uses(name, stack, mounts, swaps, held),
            IsHeld = held,
        };
    }

    // Where nobody holds the disk no file system is mounted from it, whoever cannot be read.
    private Fact<ValueList<BlockMount>> Settle(Fact<ValueList<BlockMount>> mounts, Fact<bool> held) =>
        mounts is { IsKnown: true, Value.IsEmpty: false } ? mounts
        : held is { IsKnown: true, Value: false } ? Fact.Known(ValueList.Create<BlockMount>(), held.Source)
        : _namespaces.Value?.Missing is not null ? _namespaces.Value.Unknown<ValueList<BlockMount>>()
        : mounts;

    private Fact<ValueList<BlockUse>> Uses(
        string disk, ValueList<string> stack, Fact<ValueList<BlockMount>> mounts, Fact<ValueList<string>> swaps, Fact<bool> held)
    {
        var uses = new List<BlockUse>();
        foreach (var upper in stack.Where(name => name != disk && !_graph.IsPartition(name)))
        {
            if (_graph.LowersOf(upper, stack).FirstOrDefault() is { } lower)
            {
                uses.Add(VolumeReader.Describe(_files, upper, _graph.PathOf(upper), lower));
            }
        }

        // A file system that a mount table shows is not said twice, and neither is a bcache device that stands on the disk.
        uses.AddRange(_uses.SelectMany(found => found.Uses).Where(use => stack.Contains(use.BlockDevice)
            && !(use.Kind == BlockUseKind.FileSystem && mounts.IsKnown && mounts.Value.Any(mount => mount.BlockDevice == use.BlockDevice))
            && !(use.UpperDevice is { } upper && uses.Any(other => other.UpperDevice == upper))));
        if (uses.Count == 0 && held is { IsKnown: true, Value: true } && !(mounts.IsKnown && mounts.Value.Count > 0) && !(swaps.IsKnown && swaps.Value.Count > 0))
        {
            uses.AddRange(stack.Where(_graph.Has).Select(name => Claims.Pool(_files, name, _graph.NumberOf(name))).OfType<BlockUse>());
        }

        var missing = _uses.Select(found => found.Missing).FirstOrDefault(text => text.Length > 0);
        return uses.Count == 0 && missing is not null
            ? Fact.Unknown<ValueList<BlockUse>>(Sources, missing)
            : Fact.Known(uses.ToValueList(), Sources);
    }

    private static ValueList<BlockMount> PlaceMounts(BlockGraph graph, ValueList<MountTable.Entry> mounts) =>
    [
        .. mounts.SelectMany(mount => graph.DevicesOf(mount), (mount, device) =>
            new BlockMount(mount.MountPoint, mount.FileSystem, mount.Source, device) { ProcessId = mount.ProcessId })
            .DistinctBy(mount => (mount.MountPoint, mount.FileSystem, mount.Source, mount.BlockDevice))
    ];

    // A swap file lies on the file system that is mounted nearest above it.
    private static ValueList<(string Device, string Path)> PlaceSwaps(BlockGraph graph, ValueList<string> swaps, ValueList<BlockMount> mounts)
    {
        var placed = new List<(string, string)>();
        foreach (var swap in swaps)
        {
            if ((graph.NameOf(swap) ?? graph.OfNode(swap)) is { } device)
            {
                placed.Add((device, swap));
            }
            else
            {
                var nearest = mounts.Where(m => IsUnder(swap, m.MountPoint)).Select(m => m.MountPoint.Length).DefaultIfEmpty().Max();
                placed.AddRange(mounts.Where(m => m.MountPoint.Length == nearest && IsUnder(swap, m.MountPoint)).Select(m => (m.BlockDevice, swap)));
            }
        }

        return placed.ToValueList();
    }

    private static bool IsUnder(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (directory.EndsWith('/') || path.Length == directory.Length || path[directory.Length] == '/');
}
