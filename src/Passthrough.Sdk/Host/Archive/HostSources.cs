using System.Text;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Archive;

/// <summary>Tells an archive from a dump by its first bytes.</summary>
internal static class HostSources
{
    private const int TarMagicOffset = 257;
    private const int MostDumpBytes = 64 * 1024 * 1024;

    /// <summary>Reads a host from a file.</summary>
    /// <exception cref="HostSourceException">It cannot be read, or is neither.</exception>
    public static ISysfs Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            Span<byte> first = stackalloc byte[512];
            var length = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            first = first[..length];
            if (first.StartsWith("BZh"u8) || first.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) || first.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]))
            {
                throw new HostSourceException(path, "it is packed with bzip2, xz or zstd; unpack it, or pack it with gzip");
            }

            return first is [0x1f, 0x8b, ..] || (length > TarMagicOffset && first[TarMagicOffset..].StartsWith("ustar"u8))
                ? HostArchiveReader.Read(path, stream)
                : ReadDump(path, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostSourceException(path, e.Message, e);
        }
    }

    private static LspciDumpSysfs ReadDump(string path, FileStream stream)
    {
        if (stream.Length > MostDumpBytes)
        {
            throw new HostSourceException(path, "it is too large for an lspci dump, and no archive");
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        return LspciDump.TryParse(reader.ReadToEnd(), out var dump, out var error)
            ? new LspciDumpSysfs(dump)
            : throw new HostSourceException(path, $"it is no archive, and no dump of lspci -x ({error})");
    }
}
