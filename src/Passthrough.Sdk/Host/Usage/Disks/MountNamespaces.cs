using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Disks;

/// <summary>The mounts of a host in all its mount namespaces: one link read for each process, one table for each namespace.</summary>
/// <remarks>
/// A table shows what lies below the root directory of the process it is read through, so a process with another root directory
/// (chroot) counts as another view of its namespace.
/// </remarks>
internal sealed class MountNamespaces
{
    private const string Tables = "/proc/*/mountinfo";
    private const string Prefix = "mnt:[";

    // A look-up on these can wait for a server or for a program that does not answer.
    private static readonly ValueList<string> Remote =
        ["nfs", "cifs", "smb", "ceph", "fuse", "9p", "afs", "autofs", "gluster", "lustre", "gpfs", "ncp", "coda", "virtiofs", "orangefs"];

    private readonly Dictionary<string, string> _namespaceOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _remoteOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _views = new(StringComparer.Ordinal);
    private readonly List<MountTable.Entry> _entries = [];
    private readonly ISysfs _files;
    private int _unreadable;

    private MountNamespaces(ISysfs files) => _files = files;

    /// <summary>The mounts, those of this program and of init first; the same mount of several namespaces stands once.</summary>
    public ValueList<MountTable.Entry> Entries { get; private set; } = [];

    /// <summary>
    /// Why a mount may be missing, in a few words: processes that cannot be read, or a namespace that no process is in.
    /// Null where everything was read.
    /// </summary>
    public string? Missing { get; private set; }

    /// <summary>Mount namespaces in which no process is, with what keeps each: <c>mnt:[4026532311] (/run/ns/a)</c>.</summary>
    public ValueList<string> Unseen { get; private set; } = [];

    /// <summary>Where it was read.</summary>
    public string Source { get; private set; } = "/proc/self/mountinfo";

    /// <summary>Reads the mounts.</summary>
    /// <param name="files">The host.</param>
    /// <param name="withThreads">Whether threads are looked at, too: one can have a namespace apart from its process.</param>
    public static Fact<MountNamespaces> Read(ISysfs files, bool withThreads)
    {
        var found = new MountNamespaces(files);
        var processes = files.List("/proc");
        if (processes.IsUnknown && files.ReadText(CapturedMounts.Path) is { IsKnown: true, Value: { } captured })
        {
            return Fact.Known(found.Take(CapturedMounts.Parse(captured)), CapturedMounts.Path);
        }

        var self = found.Add("self", null);
        var first = found.Add("1", null);
        if (!self.IsKnown && !first.IsKnown)
        {
            return Fact.Unknown<MountNamespaces>(self.Source, self.Reason ?? "no such file");
        }

        found.Source = self.IsKnown ? self.Source : first.Source;
        foreach (var name in processes.IsKnown ? processes.Value : [])
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                found.Visit(name, process, withThreads);
            }
        }

        found.Settle(processes);
        files.Keep(CapturedMounts.Path, CapturedMounts.Write(new CapturedMounts(found.Entries, found.Missing, found.Unseen)));
        return Fact.Known(found, found.Source);
    }

    /// <summary>Whether a look at a file of a process can wait for a server.</summary>
    public bool IsRemote(string process, string path) =>
        _namespaceOf.TryGetValue(process, out var space) && _remoteOf.TryGetValue(space, out var points)
        && points.Exists(point => path.StartsWith(point, StringComparison.Ordinal) && (point.EndsWith('/') || path.Length == point.Length || path[point.Length] == '/'));

    /// <summary>Adds namespaces that a process keeps by an open descriptor.</summary>
    /// <param name="kept">The namespaces' names with what keeps them.</param>
    public void AddKept(IEnumerable<(string Namespace, string Keeper)> kept)
    {
        Unseen = [.. Unseen, .. kept.Where(k => IsUnseen(k.Namespace)).Select(k => $"{k.Namespace} ({k.Keeper})").Distinct(StringComparer.Ordinal)];
        Missing ??= MissingNamespace();
    }

    private MountNamespaces Take(CapturedMounts captured)
    {
        (Entries, Missing, Unseen, Source) = (captured.Entries, captured.Missing, captured.Unseen, CapturedMounts.Path);
        return this;
    }

    private void Visit(string name, int process, bool withThreads)
    {
        var link = ProcessLinks.Read(_files, name, "ns/mnt");
        _unreadable += link.IsUnknown ? 1 : 0;
        if (link.IsKnown)
        {
            _namespaceOf[name] = link.Value!;
            Add(name, process, link.Value!);
        }

        var threads = withThreads && link.IsKnown ? _files.List($"/proc/{name}/task") : Fact.Absent<ValueList<string>>(name);
        foreach (var thread in threads is { IsKnown: true, Value.Count: > 1 } ? threads.Value : [])
        {
            var task = $"{name}/task/{thread}";
            if (thread != name && _files.ReadLink($"/proc/{task}/ns/mnt") is { IsKnown: true, Value: { } space } && space != link.Value)
            {
                Add(task, int.TryParse(thread, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : process, space);
            }
        }
    }

    // The tables that do not depend on a link: those of this program and of init, which count in every kind of source.
    private Fact<string> Add(string name, int? process)
    {
        var table = _files.ReadText($"/proc/{name}/mountinfo");
        if (table.IsKnown)
        {
            var space = _files.ReadLink($"/proc/{name}/ns/mnt").Value;
            Parse(table.Value!, process, space);
            if (space is not null)
            {
                _views.Add(View(name, space));
            }
        }

        return table;
    }

    private void Add(string name, int process, string space)
    {
        if (!_views.Add(View(name, space)))
        {
            return;
        }

        var table = _files.ReadText($"/proc/{name}/mountinfo");
        _unreadable += table.IsUnknown ? 1 : 0;
        if (table.IsKnown)
        {
            Parse(table.Value!, process, space);
        }
    }

    private string View(string name, string space) => $"{space} {_files.ReadLink($"/proc/{name}/root").Value ?? "/"}";

    private void Parse(string text, int? process, string? space)
    {
        foreach (var entry in MountTable.Parse(text))
        {
            _entries.Add(entry with { ProcessId = process });
            if (space is not null && Remote.Any(kind => entry.FileSystem.StartsWith(kind, StringComparison.Ordinal)))
            {
                if (!_remoteOf.TryGetValue(space, out var points))
                {
                    _remoteOf[space] = points = [];
                }

                points.Add(entry.MountPoint);
            }
        }
    }

    private void Settle(Fact<ValueList<string>> processes)
    {
        Entries = [.. _entries.DistinctBy(entry => entry with { ProcessId = null })];
        Unseen =
        [
            .. Entries.Where(entry => entry.FileSystem == "nsfs" && IsUnseen(entry.Root)).DistinctBy(entry => entry.Root)
                .Select(entry => $"{entry.Root} ({entry.MountPoint})")
        ];
        Missing = processes.IsUnknown ? $"{processes.Source}: {processes.Reason}"
            : ProcessView.Missing(_files, processes) is { } hidden ? hidden
            : _unreadable > 0 ? string.Create(CultureInfo.InvariantCulture, $"the mounts of {_unreadable} processes cannot be read")
            : MissingNamespace();
    }

    private string? MissingNamespace() => Unseen.IsEmpty ? null : $"no process is in the mount namespace {Unseen[0]}";

    private bool IsUnseen(string space) =>
        space.StartsWith(Prefix, StringComparison.Ordinal) && !_views.Any(view => view.StartsWith(space + " ", StringComparison.Ordinal));

    /// <summary>Returns an unknown fact with the reason why mounts may be missing.</summary>
    public Fact<T> Unknown<T>() => Fact.Unknown<T>(Tables, Missing ?? "not read");
}
