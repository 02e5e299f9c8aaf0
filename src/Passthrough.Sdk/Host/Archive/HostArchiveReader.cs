using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Archive;

/// <summary>Reads a captured host, or any tar of a host's files, into memory.</summary>
internal static class HostArchiveReader
{
    // A capture of a large host has some ten thousand entries and a few megabytes; more is an accident or an attack.
    private const int MostEntries = 500_000;
    private const long MostBytes = 512L * 1024 * 1024;

    /// <summary>Reads an archive.</summary>
    /// <param name="source">Its name, for errors.</param>
    /// <param name="stream">Its bytes, from the beginning.</param>
    /// <exception cref="HostSourceException">It is no tar, is damaged, or is too large.</exception>
    public static TreeSysfs Read(string source, Stream stream)
    {
        try
        {
            var first = stream.ReadByte();
            stream.Position = 0;
            using var plain = first == 0x1f ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : stream;
            using var tar = new TarReader(plain, leaveOpen: true);
            var entries = ReadEntries(source, tar);
            var prefix = FindPrefix(entries);
            var tree = new TreeSysfs();
            foreach (var (name, node) in entries)
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal))
                {
                    tree.Add("/" + name[prefix.Length..], node);
                }
            }

            HostArchiveNotes.Apply(tree);
            return tree;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or IOException or FormatException or ArgumentException)
        {
            throw new HostSourceException(source, $"it is not a readable archive ({e.Message})", e);
        }
    }

    private static List<(string Name, TreeNode Node)> ReadEntries(string source, TarReader tar)
    {
        var entries = new List<(string Name, TreeNode Node)>();
        long bytes = 0;
        while (tar.GetNextEntry() is { } entry)
        {
            var name = string.Join('/', entry.Name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."));
            bytes += entry.Length;
            if (entries.Count >= MostEntries || bytes > MostBytes)
            {
                throw new HostSourceException(source, string.Create(CultureInfo.InvariantCulture, $"it has more than {MostEntries} entries or {MostBytes >> 20} MiB"));
            }

            if (ToNode(entry) is { } node && name.Length > 0 && !name.Split('/').Contains(".."))
            {
                entries.Add((name, node));
            }
        }

        return entries.Count > 0 ? entries : throw new InvalidDataException("it is empty");
    }

    private static TreeNode? ToNode(TarEntry entry)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                using (var content = new MemoryStream())
                {
                    entry.DataStream?.CopyTo(content);
                    return TreeNode.File(content.ToArray());
                }

            case TarEntryType.Directory:
                return TreeNode.Directory();
            case TarEntryType.SymbolicLink:
                return TreeNode.Link(entry.LinkName);
            default:
                // Devices and pipes have nothing to read.
                return null;
        }
    }

    // Some pack the host's files into a folder, or with the whole path to them.
    private static string FindPrefix(List<(string Name, TreeNode Node)> entries)
    {
        string? prefix = null;
        foreach (var (name, _) in entries)
        {
            var at = Start(name);
            if (at >= 0 && (prefix is null || at < prefix.Length))
            {
                prefix = name[..at];
            }
        }

        return prefix is not null && entries.TrueForAll(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(entry.Name + "/", StringComparison.Ordinal))
            ? prefix
            : "";
    }

    /// <summary>Returns the position of the first folder called sys or proc in a name; -1 if there is none.</summary>
    private static int Start(string name)
    {
        for (var at = 0; at < name.Length;)
        {
            var end = name.IndexOf('/', at) is >= 0 and var slash ? slash : name.Length;
            if (name.AsSpan(at, end - at) is "sys" or "proc")
            {
                return at;
            }

            at = end + 1;
        }

        return -1;
    }
}
