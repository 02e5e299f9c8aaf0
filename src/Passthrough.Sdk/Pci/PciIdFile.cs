using System.IO.Compression;

namespace Passthrough.Sdk.Pci;

/// <summary>Where distributions keep <c>pci.ids</c>, and how it is read.</summary>
internal static class PciIdFile
{
    private static readonly string[] Places =
    [
        "usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids", "var/lib/pciutils/pci.ids",
        "usr/share/misc/pci.ids.gz", "usr/share/hwdata/pci.ids.gz", "var/lib/pciutils/pci.ids.gz",
    ];

    public static IEnumerable<string> Candidates(string? root)
    {
        var here = Places.Select(place => "/" + place);
        return root is null or "/" ? here : Places.Select(place => Path.Combine(root, place)).Concat(here);
    }

    /// <summary>The whole file, unpacked; null when it is not there, not readable or not whole.</summary>
    public static byte[]? TryRead(string path)
    {
        try
        {
            // Asking first keeps the usual case (the file is in the second place) free of an exception.
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return null;
            }

            using var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var content = GC.AllocateUninitializedArray<byte>(checked((int)RandomAccess.GetLength(handle)));
            var length = 0;
            while (length < content.Length && RandomAccess.Read(handle, content.AsSpan(length), length) is > 0 and var read)
            {
                length += read;
            }

            Array.Resize(ref content, length);
            return content is [0x1f, 0x8b, ..] ? Unpack(content) : content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or OverflowException)
        {
            return null;
        }
    }

    private static byte[] Unpack(byte[] content)
    {
        using var packed = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        using var plain = new MemoryStream(content.Length * 5);
        packed.CopyTo(plain);
        return plain.ToArray();
    }
}
