using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage.Disks;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Finds which processes have nodes of PCI functions open: a look at every descriptor and every mapping of every process.</summary>
/// <remarks>
/// A node is known by its number and not by its name, which the kernel gives in uevent files only: those are shown under the
/// lock of a device, which a driver that does not come to an end (of a USB device, say) may hold forever.
/// </remarks>
internal sealed class OpenHandleReader
{
    // What the kernel writes behind the name of a file that is gone.
    private const string Gone = " (deleted)";

    // Terminals come and go, and are in no list of the kernel's.
    private const string Terminals = "/dev/pts/";
    private const string MountNamespace = "mnt:[";
    private const string NetworkNamespace = "net:[";

    private readonly List<(PciAddress Owner, OpenHandle Handle)> _found = [];
    private readonly List<OpenHandle> _orphans = [];
    private readonly List<(string Namespace, string Keeper)> _namespaces = [];
    private readonly List<(string Namespace, string Path)> _networks = [];
    private readonly ISysfs _files;
    private readonly NodeOwners _owners;
    private readonly MountNamespaces? _mounts;
    private readonly ILookup<string, PciAddress> _nodes;

    private OpenHandleReader(ISysfs files, NodeOwners owners, MountNamespaces? mounts)
    {
        _files = files;
        _owners = owners;
        _mounts = mounts;
        _nodes = Nodes(files).ToLookup(n => n.Path, n => n.Owner, StringComparer.Ordinal);
    }

    /// <summary>The result of the search.</summary>
    /// <param name="Handles">The handles by function.</param>
    /// <param name="Orphans">Handles on nodes that no device has any more.</param>
    /// <param name="Missing">Why a handle may be missing; null where every process was looked at.</param>
    /// <param name="Namespaces">Mount namespaces that a descriptor keeps.</param>
    /// <param name="Networks">Network namespaces that a descriptor keeps, with the descriptor.</param>
    public sealed record Found(
        ILookup<PciAddress, OpenHandle> Handles,
        ValueList<OpenHandle> Orphans,
        string? Missing,
        ValueList<(string Namespace, string Keeper)> Namespaces,
        ValueList<(string Namespace, string Path)> Networks);

    /// <summary>Looks at everybody.</summary>
    /// <param name="files">The host.</param>
    /// <param name="owners">Whose node is whose.</param>
    /// <param name="mounts">The mounts: files of servers are not looked at, which could keep the caller waiting. Null if they are not known.</param>
    public static Fact<Found> Read(ISysfs files, NodeOwners owners, MountNamespaces? mounts) => (files.RunsPrograms ? files.List("/proc") : Fact.Known<ValueList<string>>([], "/proc")).Select(names =>
    {
        var reader = new OpenHandleReader(files, owners, mounts);
        var unreadable = 0;
        foreach (var name in names)
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                unreadable += reader.Visit(name, process) ? 0 : 1;
            }
        }

        var missing = !files.RunsPrograms ? null : ProcessView.Missing(files, Fact.Known(names, "/proc"))
            ?? (unreadable > 0 ? string.Create(CultureInfo.InvariantCulture, $"{unreadable} processes cannot be read") : null);
        return new Found(reader._found.ToLookup(f => f.Owner, f => f.Handle), reader._orphans.ToValueList(), missing, reader._namespaces.ToValueList(), reader._networks.ToValueList());
    });

    private bool Visit(string name, int process)
    {
        var descriptors = _files.List($"/proc/{name}/fd");
        var table = $"/proc/{name}/fd";
        if (descriptors is { IsKnown: true, Value.IsEmpty: true })
        {
            // The first thread may have ended while others go on; the table is theirs.
            (table, descriptors) = TableOfThreads(name) ?? (table, descriptors);
        }

        var links = (descriptors.IsKnown ? descriptors.Value : []).Select(d => (Path: _files.ReadLink($"{table}/{d}").Value ?? "", Link: $"{table}/{d}"));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, link) in links.DistinctBy(link => link.Path))
        {
            seen.Add(path);
            Look(name, process, path, link, isMapping: false);
        }

        var mappings = ProcessMappings.Read(_files, name, out var errno);
        foreach (var (path, link) in mappings.Where(mapping => seen.Add(mapping.Path)))
        {
            Look(name, process, path, link, isMapping: true);
        }

        return !descriptors.IsUnknown && (errno == Errno.Success || Errno.IsAbsent(errno) || errno == ProcessEnded);
    }

    private (string Table, Fact<ValueList<string>> Descriptors)? TableOfThreads(string name)
    {
        var threads = _files.List($"/proc/{name}/task");
        foreach (var thread in threads is { IsKnown: true, Value.Count: > 1 } ? threads.Value : [])
        {
            var table = $"/proc/{name}/task/{thread}/fd";
            if (_files.List(table) is { IsKnown: true, Value.IsEmpty: false } descriptors)
            {
                return (table, descriptors);
            }
        }

        return null;
    }

    // ESRCH: the process has ended between two looks.
    private const int ProcessEnded = 3;

    private void Look(string name, int process, string path, string link, bool isMapping)
    {
        if (path.StartsWith(MountNamespace, StringComparison.Ordinal))
        {
            _namespaces.Add((path, $"kept open by process {process}"));
        }

        if (path.StartsWith(NetworkNamespace, StringComparison.Ordinal))
        {
            _networks.Add((path, link));
        }

        if (!path.StartsWith('/'))
        {
            return;
        }

        var registers = Registers(path);
        var found = registers is null && MayBeNode(name, path) ? Find(name, path, link, isMapping) : null;
        var owners = registers is { } function ? [function] : found?.Device?.Owners ?? [];
        owners = owners.IsEmpty ? [.. _nodes[ProcessMappings.WithoutGone(path)]] : owners;
        if (!owners.IsEmpty)
        {
            var handle = Handle() with { DeviceName = found?.Device?.Name, Subsystem = found is { Device: not null } node ? _owners.SubsystemOf(node.Path) : null, IsMapping = isMapping };
            _found.AddRange(owners.Select(address => (address, handle)));
        }
        else if (found is { Device: null } && IsOrphan(path))
        {
            _orphans.Add(Handle() with { IsMapping = isMapping });
        }

        OpenHandle Handle() => new(process, _files.ReadText($"/proc/{name}/comm").Value, path);
    }

    // The node of a mapping is reached by its own link, which takes root, or by its path in the process's own tree.
    private (string Path, NodeOwners.Node? Device)? Find(string name, string path, string link, bool isMapping) =>
        _owners.Find(link) ?? (isMapping ? _owners.Find($"/proc/{name}/root{path}") : null);

    // A node can lie anywhere (a chroot's, a container's, one made with mknod); a file on a server's file system is not looked at.
    private bool MayBeNode(string process, string path) =>
        path.Contains("/dev/", StringComparison.Ordinal) || (_mounts is not null && !_mounts.IsRemote(process, path));

    // A driver takes its nodes away first when it is told to let go; then nothing but the name says whose it was. A node of a
    // device that is there can be gone, too, because it lies in another file system (a container's /dev/console).
    private static bool IsOrphan(string path) =>
        path.EndsWith(Gone, StringComparison.Ordinal) && path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith(Terminals, StringComparison.Ordinal);

    // Registers and ROM can be mapped through sysfs; attributes that are merely read hold nothing.
    private static PciAddress? Registers(string path) =>
        path.StartsWith("/sys/devices/", StringComparison.Ordinal)
            && path[(path.LastIndexOf('/') + 1)..] is var file && (file.StartsWith("resource", StringComparison.Ordinal) || file == "rom")
            ? ClassLinks.OwnerOf(path) : null;

    private static IEnumerable<(string Path, PciAddress Owner)> Nodes(ISysfs files)
    {
        // VFIO's group node stands for all functions of the group.
        var groups = files.List("/dev/vfio");
        foreach (var group in groups.IsKnown ? groups.Value : [])
        {
            var number = group.StartsWith("noiommu-", StringComparison.Ordinal) ? group["noiommu-".Length..] : group;
            var members = files.List($"/sys/kernel/iommu_groups/{number}/devices");
            foreach (var member in members.IsKnown ? members.Value : [])
            {
                if (PciAddress.TryParse(member, out var address))
                {
                    yield return ($"/dev/vfio/{group}", address);
                }
            }
        }

        // NVIDIA's own driver registers no class; it says its minor numbers itself.
        var cards = files.List("/proc/driver/nvidia/gpus");
        foreach (var card in cards.IsKnown ? cards.Value : [])
        {
            if (PciAddress.TryParse(card, out var address) && NvidiaMinor(files.ReadText($"/proc/driver/nvidia/gpus/{card}/information").Value) is { } minor)
            {
                yield return ($"/dev/nvidia{minor}", address);
            }
        }
    }

    private static string? NvidiaMinor(string? information) => Value(information, "Device Minor:");

    private static string? Value(string? text, string key) => text?.Split('\n')
        .Where(l => l.StartsWith(key, StringComparison.Ordinal))
        .Select(l => l[key.Length..].Trim())
        .FirstOrDefault();
}
