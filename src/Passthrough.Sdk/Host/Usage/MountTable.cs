using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Parses /proc/PID/mountinfo and /proc/swaps.</summary>
internal static class MountTable
{
    /// <summary>One line: where what is mounted, and the device by number and by the name that mount was given.</summary>
    public readonly record struct Entry(string Number, string MountPoint, string FileSystem, string Source)
    {
        /// <summary>Which part of the file system is mounted; of a namespace's file the name of the namespace, <c>mnt:[4026532311]</c>.</summary>
        public string Root { get; init; } = "/";

        /// <summary>The file system's own options, <c>rw,logdev=/dev/sdb1</c>.</summary>
        public string Options { get; init; } = "";

        /// <summary>The process through which a namespace other than init's and this program's was read; null for those two.</summary>
        public int? ProcessId { get; init; }
    }

    /// <summary><c>29 1 259:2 / /home rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw</c>; optional fields end with a dash.</summary>
    public static IEnumerable<Entry> Parse(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ');
            var dash = Array.IndexOf(words, "-", Math.Min(6, words.Length));
            if (dash > 0 && words.Length > dash + 2)
            {
                yield return new Entry(words[2], Unescape(words[4]), words[dash + 1], Unescape(words[dash + 2]))
                {
                    Root = words[3],
                    Options = words.Length > dash + 3 ? Unescape(words[dash + 3]) : "",
                };
            }
        }
    }

    /// <summary>The areas of /proc/swaps: device or file.</summary>
    public static ValueList<string> ParseSwaps(string text) =>
        [.. text.Split('\n').Skip(1).Select(l => l.Split([' ', '\t'], 2)[0]).Where(n => n.Length > 0).Select(Unescape)];

    /// <summary>Writes blank, tab, line feed and backslash as the kernel does.</summary>
    public static string Escape(string text) =>
        text.Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal)
            .Replace("\t", "\\011", StringComparison.Ordinal).Replace("\n", "\\012", StringComparison.Ordinal);

    /// <summary>The kernel writes blank, tab, line feed and backslash as octal numbers.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
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
