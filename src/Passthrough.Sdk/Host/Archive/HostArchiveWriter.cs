using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Archive;

/// <summary>Writes a recorded host as a tar.gz: the same host gives the same bytes.</summary>
internal static class HostArchiveWriter
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Writes the archive.</summary>
    /// <param name="tree">The host.</param>
    /// <param name="stream">Takes the bytes; it stays open.</param>
    /// <param name="secrets">Whether serial numbers and hardware addresses stay in.</param>
    public static void Write(TreeSysfs tree, Stream stream, bool secrets)
    {
        using var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        using var tar = new TarWriter(gzip, TarEntryFormat.Gnu);
        tree.Add(HostArchiveNotes.Path, TreeNode.File(Encoding.UTF8.GetBytes(HostArchiveNotes.Write(tree))));
        Write(tar, "", tree.Root, secrets);
    }

    private static void Write(TarWriter tar, string path, TreeNode node, bool secrets)
    {
        foreach (var (name, child) in node.Children!)
        {
            var shown = secrets ? name : TextRedaction.Name(name);
            var childPath = path.Length == 0 ? shown : $"{path}/{shown}";
            if (child.Target is { } target)
            {
                tar.WriteEntry(Entry(TarEntryType.SymbolicLink, childPath, UnixFileMode.None, target));
            }
            else if (child.Children is null)
            {
                using var content = new MemoryStream(secrets ? child.Content ?? [] : Redaction.Apply("/" + childPath, child.Content ?? []));
                var entry = Entry(TarEntryType.RegularFile, childPath, FileMode, null);
                entry.DataStream = content;
                tar.WriteEntry(entry);
            }
            else
            {
                tar.WriteEntry(Entry(TarEntryType.Directory, childPath + "/", DirectoryMode, null));
                Write(tar, childPath, child, secrets);
            }
        }
    }

    private static GnuTarEntry Entry(TarEntryType type, string path, UnixFileMode mode, string? target)
    {
        var entry = new GnuTarEntry(type, path)
        {
            Mode = mode,
            ModificationTime = DateTimeOffset.UnixEpoch,
            AccessTime = DateTimeOffset.UnixEpoch,
            ChangeTime = DateTimeOffset.UnixEpoch,
        };
        if (target is not null)
        {
            entry.LinkName = target;
        }

        return entry;
    }
}
