using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Passthrough.Sdk.Testing;

/// <summary>A kernel as distributions install it: a bzImage (kernel: Documentation/arch/x86/boot.rst).</summary>
/// <param name="Path">The file.</param>
/// <param name="Release">What <c>uname -r</c> prints in it; the name of the directory of its modules.</param>
internal sealed record KernelImage(string Path, string Release)
{
    private const int HeaderMagic = 0x202;
    private const int VersionPointer = 0x20e;
    private const int SetupSectors = 0x1f1;
    private const int PayloadOffset = 0x248;
    private const int PayloadLength = 0x24c;
    private const int Sector = 0x200;
    private const int LongestRelease = 128;
    private const int FingerprintLength = 8;

    /// <summary>Reads the header of a file; null if the file is not a bzImage.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static KernelImage? Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var header = new byte[0x250];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.AsSpan(HeaderMagic, 4).SequenceEqual("HdrS"u8))
        {
            return null;
        }

        file.Position = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(VersionPointer)) + Sector;
        var text = new byte[LongestRelease];
        var length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        var end = text.AsSpan(0, length).IndexOfAny((byte)' ', (byte)0);
        return end > 0 ? new(path, Encoding.ASCII.GetString(text, 0, end)) : null;
    }

    /// <summary>Tells this kernel from another one of the same release: the beginning of the SHA-256 of the file.</summary>
    public string Fingerprint()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, FingerprintLength));
    }

    /// <summary>Unpacks the kernel itself, an ELF file, which QEMU starts directly by PVH; false if its compression is not known or has no program here.</summary>
    public bool TryUnpack(Stream target)
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var packed = new byte[file.Length];
        file.ReadExactly(packed);
        var start = ((packed[SetupSectors] + 1) * Sector) + BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(PayloadOffset));
        var length = BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(PayloadLength));
        if (start < 0 || length < 4 || start > packed.Length - length)
        {
            return false;
        }

        // The last four bytes are the unpacked size; only in gzip's own form they are a part of the stream.
        return Decompression.TryUnpack(packed, start, Decompression.IsGzip(packed.AsSpan(start, length)) ? length : length - 4, target);
    }
}
