using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Disks;

/// <summary>The mounts of a captured host, whose processes are not in the archive: those of block devices, from all its mount namespaces.</summary>
/// <param name="Entries">The mounts.</param>
/// <param name="Missing">Why one may be missing; null where everything was read.</param>
/// <param name="Unseen">Mount namespaces without a process.</param>
internal sealed record CapturedMounts(ValueList<MountTable.Entry> Entries, string? Missing, ValueList<string> Unseen)
{
    /// <summary>The file in a captured host.</summary>
    public const string Path = "/.passthrough/mounts";

    private const string MissingWord = "missing ";
    private const string UnseenWord = "unseen ";

    /// <summary>Writes them, each as a line of mountinfo; the first number is the process of another namespace, or 0.</summary>
    public static string Write(CapturedMounts mounts)
    {
        var text = new StringBuilder();
        if (mounts.Missing is { } missing)
        {
            text.Append(MissingWord).Append(missing).Append('\n');
        }

        foreach (var space in mounts.Unseen)
        {
            text.Append(UnseenWord).Append(space).Append('\n');
        }

        foreach (var entry in mounts.Entries.Where(entry => entry.FileSystem is "9p" or "virtiofs" || entry.Source.StartsWith("/dev/", StringComparison.Ordinal) || !entry.Number.StartsWith("0:", StringComparison.Ordinal)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{entry.ProcessId ?? 0} 0 {entry.Number} {entry.Root} {MountTable.Escape(entry.MountPoint)} rw - ")
                .Append(CultureInfo.InvariantCulture, $"{entry.FileSystem} {MountTable.Escape(entry.Source)} {MountTable.Escape(entry.Options)}\n");
        }

        return text.ToString();
    }

    /// <summary>Reads them again.</summary>
    public static CapturedMounts Parse(string text)
    {
        var lines = text.Split('\n');
        return new CapturedMounts(
            [
                .. lines.Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).SelectMany(line => MountTable.Parse(line), (line, entry) =>
                    int.TryParse(line.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process) && process > 0 ? entry with { ProcessId = process } : entry)
            ],
            After(MissingWord).FirstOrDefault(),
            [.. After(UnseenWord)]);

        IEnumerable<string> After(string word) => lines.Where(line => line.StartsWith(word, StringComparison.Ordinal)).Select(line => line[word.Length..]);
    }
}
