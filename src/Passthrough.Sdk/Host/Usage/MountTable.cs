using System.Collections.Immutable;
using System.Text;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads /proc/PID/mountinfo and /proc/swaps.</summary>
internal static class MountTable
{
    /// <summary>One line: where what is mounted, and the device by number and by the name that mount was given.</summary>
    public readonly record struct Entry(string Number, string MountPoint, string FileSystem, string Source);

    /// <summary>
    /// Init's mounts and this process's. Either alone can be a view of a container; both together hold what can be known
    /// without entering every namespace.
    /// </summary>
    public static Fact<ImmutableArray<Entry>> Read(ISysfs files)
    {
        Fact<string> first = files.ReadText("/proc/1/mountinfo");
        Fact<string> self = files.ReadText("/proc/self/mountinfo");
        Fact<string> source = self.IsKnown ? self : first;
        return source.IsKnown
            ? Fact.Known(Parse(first.Value ?? "").Concat(Parse(self.Value ?? "")).Distinct().ToImmutableArray(), source.Source)
            : Fact.Unknown<ImmutableArray<Entry>>(self.Source, self.Reason ?? "no such file");
    }

    /// <summary><c>29 1 259:2 / /home rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw</c>; optional fields end with a dash.</summary>
    public static IEnumerable<Entry> Parse(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(' ');
            int dash = Array.IndexOf(words, "-", Math.Min(6, words.Length));
            if (dash > 0 && words.Length > dash + 2)
            {
                yield return new Entry(words[2], Unescape(words[4]), words[dash + 1], Unescape(words[dash + 2]));
            }
        }
    }

    /// <summary>The areas of /proc/swaps: device or file.</summary>
    public static ImmutableArray<string> ParseSwaps(string text) =>
        [.. text.Split('\n').Skip(1).Select(l => l.Split([' ', '\t'], 2)[0]).Where(n => n.Length > 0).Select(Unescape)];

    /// <summary>The kernel writes blank, tab, line feed and backslash as octal numbers.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                result.Append((char)(((text[i + 1] - '0') * 64) + ((text[i + 2] - '0') * 8) + (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }
}
