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
            var tree = new TreeSysfs();
            AddEntries(source, tar, tree);
            tree.ChangeRoot(FindRoot(tree.Root));
            HostArchiveNotes.Apply(tree);
            return tree;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or IOException or FormatException or ArgumentException)
        {
            throw new HostSourceException(source, $"it is not a readable archive ({e.Message})", e);
        }
    }

    private static void AddEntries(string source, TarReader tar, TreeSysfs tree)
    {
        var (entries, bytes) = (0, 0L);
        while (tar.GetNextEntry() is { } entry)
        {
            bytes += entry.Length;
            if (entries >= MostEntries || bytes > MostBytes)
            {
                throw new HostSourceException(source, string.Create(CultureInfo.InvariantCulture, $"it has more than {MostEntries} entries or {MostBytes >> 20} MiB"));
            }

            if (!PathNames.IsEmpty(entry.Name) && !LeadsOut(entry.Name) && ToNode(entry) is { } node)
            {
                tree.Add(entry.Name, node);
                entries++;
            }
        }

        if (entries == 0)
        {
            throw new InvalidDataException("it is empty");
        }
    }

    private static bool LeadsOut(ReadOnlySpan<char> path)
    {
        while (PathNames.TryTake(ref path, out var name))
        {
            if (name is "..")
            {
                return true;
            }
        }

        return false;
    }

    private static TreeNode? ToNode(TarEntry entry)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                var content = entry.Length == 0 ? [] : new byte[entry.Length];
                entry.DataStream?.ReadExactly(content);
                return TreeNode.File(content);
            case TarEntryType.Directory:
                return TreeNode.Directory();
            case TarEntryType.SymbolicLink:
                return TreeNode.Link(entry.LinkName);
            default:
                // Devices and pipes have nothing to read.
                return null;
        }
    }

    // Some pack the host's files into a folder, or with the whole path to them: then nothing else is on the way.
    private static TreeNode FindRoot(TreeNode top)
    {
        var root = top;
        while (!root.TryGetChild("sys", out _) && !root.TryGetChild("proc", out _))
        {
            if (root.Children is not { Count: 1 } children || children.GetValueAtIndex(0) is not { Children: not null } only)
            {
                return top;
            }

            root = only;
        }

        return root;
    }
}
