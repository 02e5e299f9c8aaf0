using System.Collections.Immutable;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>The block devices of a host and what stands on what: partitions, device mapper, RAID, NVMe paths.</summary>
internal sealed class BlockGraph
{
    private const string Directory = "/sys/class/block";
    private const int SectorSize = 512;
    private const string OldDirectory = "/sys/block";
    private readonly Dictionary<string, List<string>> _above = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byMapperName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClassLinks.Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _diskOf = new(StringComparer.Ordinal);
    private readonly List<ImmutableArray<string>> _pools = [];
    private readonly ISysfs _files;

    private BlockGraph(ISysfs files, ImmutableArray<ClassLinks.Entry> entries)
    {
        _files = files;
        foreach (ClassLinks.Entry entry in entries)
        {
            _entries[entry.Name] = entry;
        }

        foreach (string name in _entries.Keys.ToArray())
        {
            Place(name);
        }

        // A btrfs is mounted from one of its devices and lives on all of them.
        Fact<ImmutableArray<string>> pools = files.List("/sys/fs/btrfs");
        foreach (string pool in pools.IsKnown ? pools.Value : [])
        {
            if (files.List($"/sys/fs/btrfs/{pool}/devices") is { IsKnown: true } members)
            {
                _pools.Add(members.Value);
            }
        }
    }

    public static Fact<BlockGraph> Read(ISysfs files)
    {
        Fact<ImmutableArray<ClassLinks.Entry>> entries = ClassLinks.Read(files, Directory);
        return (entries.IsAbsent ? ReadOld(files) : entries).Select(found => new BlockGraph(files, found));
    }

    /// <summary>The disks by the function that they belong to. An NVMe disk of several paths belongs to each of them.</summary>
    public ILookup<PciAddress, string> Disks() => _entries.Values
        .Where(e => e.Owner is not null && !_diskOf.ContainsKey(e.Name))
        .Select(e => (Owner: e.Owner!.Value, Name: NvmeHead(e.Name) is { } head && _entries.ContainsKey(head) ? head : e.Name))
        .Distinct()
        .ToLookup(d => d.Owner, d => d.Name);

    /// <summary>The functions below each block device, by its number: those of the disks that it stands on.</summary>
    public IEnumerable<(string Number, ImmutableArray<PciAddress> Owners)> Owners()
    {
        ILookup<string, PciAddress> owners = Disks()
            .SelectMany(disks => disks.SelectMany(disk => StackOn(disk), (_, name) => (Name: name, Owner: disks.Key)))
            .Distinct()
            .ToLookup(o => o.Name, o => o.Owner, StringComparer.Ordinal);
        return _byNumber.Select(device => (device.Key, owners[device.Value].Order().ToImmutableArray()));
    }

    public Fact<long> SizeOf(string name) => _files.ReadNumber($"{_entries[name].Path}/size").Select(sectors => sectors * SectorSize);

    public bool IsPartition(string name) => _diskOf.ContainsKey(name);

    /// <summary>A block device and everything that stands on it, itself first.</summary>
    public ImmutableArray<string> StackOn(string name)
    {
        var found = new List<string> { name };
        for (int i = 0; i < found.Count; i++)
        {
            foreach (string upper in _above.GetValueOrDefault(found[i]) ?? [])
            {
                if (!found.Contains(upper))
                {
                    found.Add(upper);
                }
            }
        }

        return [.. found];
    }

    /// <summary>The block devices a mount lives on, by its number, by its name, or as members of the same pool.</summary>
    public IEnumerable<string> DevicesOf(MountTable.Entry mount)
    {
        string? device = _byNumber.GetValueOrDefault(mount.Number) ?? NameOf(mount.Source);
        return device is null ? []
            : _pools.FirstOrDefault(p => p.Contains(device)) is { IsDefault: false } pool ? pool
            : [device];
    }

    /// <summary>The kernel's name for a node that someone wrote: <c>/dev/mapper/vg-root</c> is dm-0; null for what is no block device.</summary>
    public string? NameOf(string path)
    {
        const string Dev = "/dev/";
        if (!path.StartsWith(Dev, StringComparison.Ordinal))
        {
            return null;
        }

        string name = path[Dev.Length..];
        if (_entries.ContainsKey(name.Replace('/', '!')))
        {
            return name.Replace('/', '!');
        }

        if (name.StartsWith("mapper/", StringComparison.Ordinal) && _byMapperName.TryGetValue(name["mapper/".Length..], out string? mapped))
        {
            return mapped;
        }

        return _files.ReadLinkName(path).Value is { } link && _entries.ContainsKey(link) ? link : null;
    }

    // /sys/block has disks alone; a partition is a directory in that of its disk. Some captured trees have nothing else.
    private static Fact<ImmutableArray<ClassLinks.Entry>> ReadOld(ISysfs files) => ClassLinks.Read(files, OldDirectory).Select(disks =>
    {
        ImmutableArray<ClassLinks.Entry>.Builder all = disks.ToBuilder();
        foreach (ClassLinks.Entry disk in disks)
        {
            Fact<ImmutableArray<string>> names = files.List(disk.Path);
            foreach (string name in names.IsKnown ? names.Value : [])
            {
                if (name.StartsWith(disk.Name, StringComparison.Ordinal) && files.ReadStatus($"{disk.Path}/{name}/dev").IsKnown)
                {
                    all.Add(new ClassLinks.Entry(name, disk.Owner, $"{disk.Target}/{name}", $"{disk.Path}/{name}"));
                }
            }
        }

        return all.ToImmutable();
    });

    private void Place(string name)
    {
        string path = _entries[name].Path;
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
        else if (_files.List($"{path}/slaves") is { IsKnown: true, Value.Length: > 0 } slaves)
        {
            foreach (string slave in slaves.Value)
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
        if (!_above.TryGetValue(lower, out List<string>? uppers))
        {
            _above[lower] = uppers = [];
        }

        uppers.Add(upper);
    }

    /// <summary>nvme0c1n2 is the path of controller 1 to nvme0n2, which alone is seen and mounted.</summary>
    internal static string? NvmeHead(string name)
    {
        const string Prefix = "nvme";
        int c = name.IndexOf('c', StringComparison.Ordinal);
        int n = c < 0 ? -1 : name.IndexOf('n', c);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && c > Prefix.Length && n > c + 1
            && name.AsSpan(Prefix.Length, c - Prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0
            && name.AsSpan(c + 1, n - c - 1).IndexOfAnyExceptInRange('0', '9') < 0
                ? string.Concat(name.AsSpan(0, c), name.AsSpan(n))
                : null;
    }
}
