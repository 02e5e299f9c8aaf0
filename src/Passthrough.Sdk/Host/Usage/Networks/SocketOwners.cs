using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>Finds the processes that have sockets, which the kernel tells by their inodes only.</summary>
internal static class SocketOwners
{
    private const string Start = "socket:[";

    // So many are named at most: a server has thousands of connections, and a few tell enough.
    private const int MostWanted = 512;

    /// <summary>The processes as <c>sshd (1234)</c>, the first of each socket; sockets of the kernel's own have none.</summary>
    public static Dictionary<uint, string> Find(ISysfs files, ValueList<uint> inodes)
    {
        var wanted = inodes.Where(inode => inode != 0).Distinct().Take(MostWanted).ToHashSet();
        var found = new Dictionary<uint, string>();
        var processes = wanted.Count == 0 ? default : files.List("/proc");
        foreach (var process in processes.IsKnown ? processes.Value.Where(name => char.IsAsciiDigit(name[0])) : [])
        {
            var descriptors = files.List($"/proc/{process}/fd");
            foreach (var descriptor in descriptors.IsKnown ? descriptors.Value : [])
            {
                if (files.ReadLink($"/proc/{process}/fd/{descriptor}").Value is { } link && link.StartsWith(Start, StringComparison.Ordinal)
                    && uint.TryParse(link.AsSpan(Start.Length).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
                    && wanted.Contains(inode) && !found.ContainsKey(inode))
                {
                    found[inode] = $"{files.ReadText($"/proc/{process}/comm").Value ?? "process"} ({process})";
                }
            }

            if (found.Count == wanted.Count)
            {
                break;
            }
        }

        return found;
    }
}
