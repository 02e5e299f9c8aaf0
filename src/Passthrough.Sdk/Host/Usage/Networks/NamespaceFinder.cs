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

    public static Found Find(ISysfs files)
    {
        // By its number: what processes are in is never in a captured host.
        var self = files.ReadLink("/proc/self").Value ?? "self";
        var own = Id(files.ReadLink($"/proc/{self}/ns/net").Value) ?? 0;
        var found = new SortedDictionary<ulong, NetworkNamespace>();
        var denied = 0;
        var processes = files.List("/proc");
        foreach (var name in processes.IsKnown ? processes.Value : [])
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                continue;
            }

            var link = files.ReadLink($"/proc/{name}/ns/net");
            denied += link.IsUnknown ? 1 : 0;
            if (Id(link.Value) is not { } id || id == own)
            {
                continue;
            }

            if (!found.TryGetValue(id, out var known) || known.ProcessId > process)
            {
                found[id] = new NetworkNamespace(id) { ProcessId = process };
            }
        }

        foreach (var (id, path) in Kept(files.ReadText("/proc/self/mountinfo").Value ?? ""))
        {
            if (id != own)
            {
                found[id] = Name(found.GetValueOrDefault(id, new NetworkNamespace(id)), path);
            }
        }

        var missing = !processes.IsKnown ? processes.Reason ?? "/proc does not exist"
            : denied > 0 ? string.Create(CultureInfo.InvariantCulture, $"the namespaces of {denied} processes cannot be read")
            : files.ReadLink($"/proc/{self}/ns/pid") is { IsKnown: true, Value: not FirstProcessNamespace } ? "only the processes of a container are visible"
            : null;
        return new Found(new NetworkNamespace(own), [.. found.Values.Select(n => n.ProcessId is { } p ? n with { Command = files.ReadText($"/proc/{p}/comm").Value } : n)], missing);
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
