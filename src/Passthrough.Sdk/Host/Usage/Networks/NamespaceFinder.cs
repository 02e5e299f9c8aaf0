using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>Finds the network namespaces of this machine: those of its processes, and those that a mount keeps.</summary>
internal static class NamespaceFinder
{
    /// <summary>The result of the search.</summary>
    /// <param name="Own">The namespace of this process.</param>
    /// <param name="Others">The others, each once.</param>
    /// <param name="Missing">Why there may be more; null if all were found.</param>
    public sealed record Found(NetworkNamespace Own, ValueList<NetworkNamespace> Others, string? Missing);

    // PROC_PID_INIT_INO of linux/proc_ns.h: who is in another PID namespace sees a part of the processes only.
    private const string FirstProcessNamespace = "pid:[4026531836]";
    private const string NameDirectory = "/run/netns/";
    private const string OldNameDirectory = "/var/run/netns/";

    /// <summary>Finds them.</summary>
    /// <param name="files">The host.</param>
    /// <param name="withThreads">Whether threads are looked at, too: one can have a namespace apart from its process.</param>
    /// <param name="open">Files of namespaces that a process keeps open, <c>net:[4026532001]</c> with <c>/proc/7/fd/3</c>.</param>
    public static Found Find(ISysfs files, bool withThreads = false, ValueList<(string Namespace, string Path)> open = default)
    {
        // By its number: what processes are in is never in a captured host.
        var self = files.ReadLink("/proc/self").Value ?? "self";
        var own = Id(files.ReadLink($"/proc/{self}/ns/net").Value) ?? 0;
        var found = new SortedDictionary<ulong, NetworkNamespace>();
        var mounts = new Dictionary<string, string>(StringComparer.Ordinal);
        var denied = 0;
        var processes = files.List("/proc");
        foreach (var name in processes.IsKnown ? processes.Value : [])
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                continue;
            }

            denied += Add(name, process) ? 0 : 1;
            if (!withThreads)
            {
                continue;
            }

            // A thread can be entered as a process can; a process with one thread has no other.
            var threads = files.List($"/proc/{name}/task").Value;
            foreach (var thread in threads.Count > 1 ? threads : [])
            {
                if (thread != name && int.TryParse(thread, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                {
                    _ = Add($"{name}/task/{thread}", id);
                }
            }

            // What a mount keeps may be mounted where this program does not see it.
            if (files.ReadLink($"/proc/{name}/ns/mnt").Value is { } space)
            {
                mounts.TryAdd(space, name);
            }
        }

        foreach (var (id, path) in KeptIn("self"))
        {
            found[id] = Name(found.GetValueOrDefault(id, new NetworkNamespace(id)), path);
        }

        foreach (var process in mounts.Values)
        {
            foreach (var (id, path) in KeptIn(process))
            {
                found.TryAdd(id, new NetworkNamespace(id) { Path = $"/proc/{process}/root{path}" });
            }
        }

        foreach (var (text, path) in open)
        {
            if (Id(text) is { } id && id != own)
            {
                found.TryAdd(id, new NetworkNamespace(id) { Path = path });
            }
        }

        var missing = !processes.IsKnown ? processes.Reason ?? "/proc does not exist"
            : denied > 0 ? string.Create(CultureInfo.InvariantCulture, $"the namespaces of {denied} processes cannot be read")
            : files.ReadLink($"/proc/{self}/ns/pid") is { IsKnown: true, Value: not FirstProcessNamespace } ? "only the processes of a container are visible"
            : null;
        return new Found(new NetworkNamespace(own), [.. found.Values.Select(n => n.ProcessId is { } p ? n with { Command = files.ReadText($"/proc/{p}/comm").Value } : n)], missing);

        IEnumerable<(ulong Id, string Path)> KeptIn(string process) =>
            Kept(files.ReadText($"/proc/{process}/mountinfo").Value ?? "").Where(kept => kept.Id != own);

        bool Add(string task, int process)
        {
            var link = ProcessLinks.Read(files, task, "ns/net");
            if (Id(link.Value) is { } id && id != own && (!found.TryGetValue(id, out var known) || known.ProcessId > process))
            {
                found[id] = new NetworkNamespace(id) { ProcessId = process };
            }

            return !link.IsUnknown;
        }
    }

    /// <summary><c>211 24 0:4 net:[4026532265] /run/netns/blue rw shared:106 - nsfs nsfs rw</c>.</summary>
    internal static IEnumerable<(ulong Id, string Path)> Kept(string mounts)
    {
        foreach (var line in mounts.Split('\n'))
        {
            var words = line.Split(' ');
            if (words.Length > 5 && Id(words[3]) is { } id)
            {
                yield return (id, MountTable.Unescape(words[4]));
            }
        }
    }

    // A directory of /run can be mounted twice (/run/netns is mounted on itself by ip netns); the name is the better path.
    private static NetworkNamespace Name(NetworkNamespace known, string path)
    {
        var directory = path.StartsWith(NameDirectory, StringComparison.Ordinal) ? NameDirectory
            : path.StartsWith(OldNameDirectory, StringComparison.Ordinal) ? OldNameDirectory : null;
        return directory is not null ? known with { Name = path[directory.Length..], Path = path } : known.Path is null ? known with { Path = path } : known;
    }

    private static ulong? Id(string? text) =>
        text is not null && text.StartsWith("net:[", StringComparison.Ordinal) && text.EndsWith(']')
        && ulong.TryParse(text.AsSpan(5, text.Length - 6), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
