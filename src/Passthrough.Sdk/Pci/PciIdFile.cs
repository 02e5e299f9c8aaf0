using System.IO.Abstractions;
using System.IO.Compression;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Pci;

/// <summary>The paths of <c>pci.ids</c> in distributions, and how it is read.</summary>
internal static class PciIdFile
{
    // The file has 1.5 MB; more than this is something else, and so is a pipe, which is empty here.
    private const int MostBytes = 64 * 1024 * 1024;

    /// <summary>Where distributions have the file, in the order in which they are tried.</summary>
    public static readonly string[] Places =
    [
        "/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids", "/var/lib/pciutils/pci.ids",
        "/usr/share/misc/pci.ids.gz", "/usr/share/hwdata/pci.ids.gz", "/var/lib/pciutils/pci.ids.gz",
    ];

    /// <summary>The first of the distributions' files under a root, whose links lead nowhere else, then on this machine.</summary>
    /// <param name="root">A directory that stands for <c>/</c>; null: this machine.</param>
    /// <param name="source">The path from which the content comes; null if there is no such file.</param>
    /// <returns>The whole file, unpacked; null if there is none.</returns>
    public static byte[]? Find(string? root, out string? source)
    {
        if (root is not null and not "/" && OpenRoot(Path.GetFullPath(root)) is { } files)
        {
            foreach (var place in Places)
            {
                if (TryRead(files, place) is { } content)
                {
                    source = Path.Combine(root, place[1..]);
                    return content;
                }
            }
        }

        foreach (var place in Places)
        {
            if (TryRead(place) is { } content)
            {
                source = place;
                return content;
            }
        }

        source = null;
        return null;
    }

    /// <summary>The whole file, unpacked; null if it does not exist, is not readable or is not complete.</summary>
    /// <remarks>By .NET's own calls, which are compiled already: a process's first look-up has little else to wait for.</remarks>
    public static byte[]? TryRead(string path)
    {
        try
        {
            // Asking first keeps the usual case (the file is in the second place) free of an exception, and is what keeps a
            // pipe, which has no length, from holding the reader up.
            var file = new FileInfo(path);
            if (!file.Exists || file.Length == 0)
            {
                return null;
            }

            using var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var size = RandomAccess.GetLength(handle);
            if (size is <= 0 or > MostBytes)
            {
                return null;
            }

            var content = GC.AllocateUninitializedArray<byte>((int)size);
            var length = 0;
            while (length < content.Length && RandomAccess.Read(handle, content.AsSpan(length), length) is > 0 and var read)
            {
                length += read;
            }

            if (length < content.Length)
            {
                content = content[..length];
            }

            return IsPacked(content) ? Unpack(content) : content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[]? TryRead(ISysfs files, string path) =>
        files.TryReadAll(path, MostBytes, out var content) != Errno.Success || content.Length == 0 ? null
        : IsPacked(content) ? Unpack(content)
        : content;

    private static bool IsPacked(byte[] content) => content is [0x1f, 0x8b, ..];

    private static ISysfs? OpenRoot(string root) => LinuxSysfs.TryOpen(root, out var files) switch
    {
        Errno.Success => files,

        // As for the host itself: before Linux 5.6, and in some sandboxes.
        Errno.NotImplemented or Errno.NotPermitted => new FileSystemSysfs(new FileSystem(), root),
        _ => null,
    };

    private static byte[]? Unpack(byte[] content)
    {
        try
        {
            using var packed = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            using var plain = new MemoryStream(content.Length * 5);
            packed.CopyTo(plain);
            return plain.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
