using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>The block devices of a host and what stands on what: partitions, device mapper, RAID, NVMe paths.</summary>
internal sealed class BlockGraph
{
    private const string Directory = "/sys/class/block";
    private const int SectorSize = 512;
    private const string OldDirectory = "/sys/block";
    private const string Gone = " (deleted)";

    /// <summary>The directory in which the kernel lists every mounted btrfs.</summary>
    public const string Pools = "/sys/fs/btrfs";

    // They lie in memory, or on another file system, whatever mount was told as their source.
    private static readonly string[] WithoutDevice =
        ["tmpfs", "ramfs", "devtmpfs", "hugetlbfs", "mqueue", "proc", "sysfs", "devpts", "cgroup", "cgroup2", "overlay", "autofs", "bpf"];

    private readonly Dictionary<string, List<string>> _above = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byMapperName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClassLinks.Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _diskOf = new(StringComparer.Ordinal);
    private readonly List<ValueList<string>> _pools = [];
    private readonly ISysfs _files;

    private BlockGraph(ISysfs files, ValueList<ClassLinks.Entry> entries)
    {
        _files = files;
        foreach (var entry in entries)
        {
            _entries[entry.Name] = entry;
        }

        foreach (var name in _entries.Keys.ToArray())
        {
            Place(name);
        }

        // A loop device over a block device is built on it, though the kernel draws no link; one over a file stands on a file system.
        foreach (var name in _entries.Keys.Where(name => name.StartsWith("loop", StringComparison.Ordinal)).ToArray())
        {
            if (LoopBacking(name) is { } backing)
            {
                Put(name, backing);
            }
        }

        // A btrfs is mounted from one of its devices and lives on all of them.
        var pools = files.List(Pools);
        foreach (var pool in pools.IsKnown ? pools.Value : [])
        {
            if (files.List($"{Pools}/{pool}/devices") is { IsKnown: true } members)
            {
                _pools.Add(members.Value);
            }
        }
    }

    /// <summary>The devices of each btrfs that the kernel has mounted, wherever.</summary>
    public IReadOnlyList<ValueList<string>> MountedPools => _pools;

    /// <summary>The names of all block devices.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    public static Fact<BlockGraph> Read(ISysfs files)
    {
        var entries = ClassLinks.Read(files, Directory);
        return (entries.IsAbsent ? ReadOld(files) : entries).Select(found => new BlockGraph(files, found));
    }

    /// <summary>The disks by the function that they belong to. An NVMe disk of several paths belongs to each of them.</summary>
    public ILookup<PciAddress, string> Disks() => _entries.Values
        .Where(e => e.Owner is not null && !_diskOf.ContainsKey(e.Name))
        .Select(e => (Owner: e.Owner!.Value, Name: NvmeHead(e.Name) is { } head && _entries.ContainsKey(head) ? head : e.Name))
        .Distinct()
        .ToLookup(d => d.Owner, d => d.Name);

    /// <summary>The functions below each block device, by its number: those of the disks that it stands on.</summary>
    public IEnumerable<(string Number, ValueList<PciAddress> Owners)> Owners()
    {
        var owners = Disks()
            .SelectMany(disks => disks.SelectMany(disk => StackOn(disk), (_, name) => (Name: name, Owner: disks.Key)))
            .Distinct()
            .ToLookup(o => o.Name, o => o.Owner, StringComparer.Ordinal);
        return _byNumber.Select(device => (device.Key, owners[device.Value].Order().ToValueList()));
    }

    public Fact<long> SizeOf(string name) => _files.ReadNumber($"{_entries[name].Path}/size").Select(sectors => sectors * SectorSize);

    public bool IsPartition(string name) => _diskOf.ContainsKey(name);

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>Returns the directory with the attributes of a block device.</summary>
    public string PathOf(string name) => _entries[name].Path;

    /// <summary>Its number, <c>259:0</c>; null if the host does not report it.</summary>
    public string? NumberOf(string name) => _byNumber.Where(device => device.Value == name).Select(device => device.Key).FirstOrDefault();

    /// <summary>The block device of a number; null for none.</summary>
    public string? OfNumber(string number) => _byNumber.GetValueOrDefault(number);

    /// <summary>Those of some devices on which another stands directly.</summary>
    public IEnumerable<string> LowersOf(string upper, ValueList<string> among) =>
        among.Where(lower => _above.GetValueOrDefault(lower)?.Contains(upper) == true);

    /// <summary>A block device and everything that is built on it, itself first.</summary>
    public ValueList<string> StackOn(string name)
    {
        var found = new List<string> { name };
        for (var i = 0; i < found.Count; i++)
        {
            foreach (var upper in _above.GetValueOrDefault(found[i]) ?? [])
            {
                if (!found.Contains(upper))
                {
                    found.Add(upper);
                }
            }
        }

        return [.. found];
    }

    /// <summary>The block devices a mount lives on: by its number, by its name, as members of the same pool, as its log or its other devices.</summary>
    public IEnumerable<string> DevicesOf(MountTable.Entry mount)
    {
        if (WithoutDevice.Contains(mount.FileSystem, StringComparer.Ordinal))
        {
            yield break;
        }

        var device = _byNumber.GetValueOrDefault(mount.Number) ?? NameOf(mount.Source);
        if (device is not null)
        {
            foreach (var member in _pools.FirstOrDefault(p => p.Contains(device)) is { IsDefault: false } pool ? pool : [device])
            {
                yield return member;
            }
        }

        // A file system over several devices names them all, with colons between (bcachefs).
        var others = device is null && mount.Source.Contains(':', StringComparison.Ordinal) ? mount.Source.Split(':') : [];
        foreach (var path in others.Concat(OtherDevices(mount.Options)))
        {
            if (NameOf(path) is { } other && other != device)
            {
                yield return other;
            }
        }
    }

    /// <summary>The kernel's name for a node that someone wrote: <c>/dev/mapper/vg-root</c> is dm-0; null for what is no block device.</summary>
    public string? NameOf(string path)
    {
        const string Dev = "/dev/";
        if (!path.StartsWith(Dev, StringComparison.Ordinal))
        {
            return null;
        }

        var name = path[Dev.Length..];
        if (_entries.ContainsKey(name.Replace('/', '!')))
        {
            return name.Replace('/', '!');
        }

        if (name.StartsWith("mapper/", StringComparison.Ordinal) && _byMapperName.TryGetValue(name["mapper/".Length..], out var mapped))
        {
            return mapped;
        }

        return _files.ReadLinkName(path).Value is { } link && _entries.ContainsKey(link) ? link : OfNode(path);
    }

    /// <summary>The block device of a node, wherever the node lies; null for what is not one.</summary>
    public string? OfNode(string path) =>
        _files.TryStatus(path, out var status) == Errno.Success && status is { Kind: FileKind.BlockDevice, DeviceNumber: { } number } ? OfNumber(number) : null;

    // xfs: logdev, rtdev; ext3 and ext4: journal_path; reiserfs and jfs: jdev.
    private static IEnumerable<string> OtherDevices(string options) =>
        from option in options.Split(',')
        let parts = option.Split('=', 2)
        where parts.Length == 2 && parts[0] is "logdev" or "rtdev" or "journal_path" or "jdev"
        select parts[1];

    private string? LoopBacking(string loop)
    {
        if (_files.ReadText($"{_entries[loop].Path}/loop/backing_file") is not { IsKnown: true, Value: { Length: > 0 } path })
        {
            return null;
        }

        // The kernel knows its number. Where it cannot be asked, a node of a file system that is gone, or of another namespace, is
        // known by its name alone.
        var name = path.EndsWith(Gone, StringComparison.Ordinal) ? path[..^Gone.Length] : path;
        if (_files.ReadText($"{_entries[loop].Path}/dev").Value is { } number && _files.TryReadLoop($"/dev/{loop}", number, out var below) == Errno.Success)
        {
            return below is null ? null : OfNumber(below);
        }

        var last = name[(name.LastIndexOf('/') + 1)..];
        var backing = NameOf(name) ?? OfNode(name)
            ?? (_entries.ContainsKey(last) && !_files.ReadStatus(name).IsKnown ? last : null);
        return backing == loop ? null : backing;
    }

    // /sys/block has disks alone; a partition is a directory in that of its disk. Some captured trees have nothing else.
    private static Fact<ValueList<ClassLinks.Entry>> ReadOld(ISysfs files) => ClassLinks.Read(files, OldDirectory).Select(disks =>
    {
        List<ClassLinks.Entry> all = [.. disks];
        foreach (var disk in disks)
        {
            var names = files.List(disk.Path);
            foreach (var name in names.IsKnown ? names.Value : [])
            {
                if (name.StartsWith(disk.Name, StringComparison.Ordinal) && files.ReadStatus($"{disk.Path}/{name}/dev").IsKnown)
                {
                    all.Add(new ClassLinks.Entry(name, disk.Owner, $"{disk.Target}/{name}", $"{disk.Path}/{name}"));
                }
            }
        }

        return all.ToValueList();
    });

    private void Place(string name)
    {
        var path = _entries[name].Path;
        if (_files.ReadText($"{path}/dev") is { IsKnown: true, Value: { } number })
        {
            _byNumber[number] = name;
        }

        // ".../block/sda/sda1": a partition lies in the directory of its disk.
        if (_entries[name].Target.Split('/') is [.., var parent, _] && _entries.ContainsKey(parent) && parent != name)
        {
            _diskOf[name] = parent;
            Put(name, parent);
        }
        else if (_files.List($"{path}/slaves") is { IsKnown: true, Value.Count: > 0 } slaves)
        {
            foreach (var slave in slaves.Value)
            {
                Put(name, slave);
            }
        }

        if (_files.ReadText($"{path}/dm/name") is { IsKnown: true, Value: { } mapperName })
        {
            _byMapperName[mapperName] = name;
        }
    }

    private void Put(string upper, string lower)
    {
        if (!_above.TryGetValue(lower, out var uppers))
        {
            _above[lower] = uppers = [];
        }

        uppers.Add(upper);
    }

    /// <summary>nvme0c1n2 is the path of controller 1 to nvme0n2, which alone is seen and mounted.</summary>
    internal static string? NvmeHead(string name)
    {
        const string Prefix = "nvme";
        var c = name.IndexOf('c', StringComparison.Ordinal);
        var n = c < 0 ? -1 : name.IndexOf('n', c);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && c > Prefix.Length && n > c + 1
            && name.AsSpan(Prefix.Length, c - Prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0
            && name.AsSpan(c + 1, n - c - 1).IndexOfAnyExceptInRange('0', '9') < 0
                ? string.Concat(name.AsSpan(0, c), name.AsSpan(n))
                : null;
    }
}
