using System.Globalization;
using System.IO.Compression;
using System.Text;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Archive;

/// <summary>Tells an archive from a dump by its first bytes. Either may be packed with gzip, and may come through a pipe.</summary>
internal static class HostSources
{
    private const int MostDumpBytes = 64 * 1024 * 1024;
    private const int MostPipeBytes = 512 * 1024 * 1024;

    /// <summary>Reads a host from a file.</summary>
    /// <exception cref="HostSourceException">It cannot be read, or is neither.</exception>
    public static ISysfs Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

            // The beginning is read twice; a pipe gives it once.
            using Stream stream = file.CanSeek ? file : ReadAtMost(path, file, MostPipeBytes);
            var first = Beginning(stream);
            if (IsPackedOtherwise(first))
            {
                throw new HostSourceException(path, "it is compressed with bzip2, xz or zstd; decompress it, or compress it with gzip");
            }

            if (first is not [0x1f, 0x8b, ..])
            {
                return TarBlock.IsHeader(first) ? HostArchiveReader.Read(path, stream) : ReadDump(path, stream);
            }

            using var plain = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            first = Beginning(plain);
            stream.Position = 0;
            if (TarBlock.IsHeader(first))
            {
                return HostArchiveReader.Read(path, stream);
            }

            using var again = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            return ReadDump(path, again);
        }
        catch (InvalidDataException e)
        {
            throw new HostSourceException(path, $"it is damaged ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostSourceException(path, e.Message, e);
        }
    }

    private static bool IsPackedOtherwise(ReadOnlySpan<byte> first) =>
        first.StartsWith("BZh"u8)
        || first is [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] or [0x28, 0xb5, 0x2f, 0xfd, ..];

    private static ReadOnlySpan<byte> Beginning(Stream stream)
    {
        var first = new byte[TarBlock.Size];
        var length = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        if (stream.CanSeek)
        {
            stream.Position = 0;
        }

        return first.AsSpan(0, length);
    }

    private static LspciDumpSysfs ReadDump(string path, Stream stream)
    {
        using var reader = new StreamReader(ReadAtMost(path, stream, MostDumpBytes), Encoding.UTF8);
        return LspciDump.TryParse(reader.ReadToEnd(), out var dump, out var error)
            ? new LspciDumpSysfs(dump)
            : throw new HostSourceException(path, $"it is neither an archive nor the output of lspci -x ({error})");
    }

    // A device file ends never, and a small packed file can hold any amount.
    private static MemoryStream ReadAtMost(string path, Stream stream, int most)
    {
        var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (stream.Read(buffer) is > 0 and var read)
        {
            content.Write(buffer, 0, read);
            if (content.Length > most)
            {
                throw new HostSourceException(path, string.Create(CultureInfo.InvariantCulture, $"it has more than {most >> 20} MiB and is not an archive"));
            }
        }

        content.Position = 0;
        return content;
    }
}
