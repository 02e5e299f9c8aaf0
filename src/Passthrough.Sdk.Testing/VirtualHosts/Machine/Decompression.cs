using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;

namespace Passthrough.Sdk.Testing;

/// <summary>Unpacks what distributions compress: kernels and modules.</summary>
internal static class Decompression
{
    /// <summary>The program that unpacks a form; null for a form that needs none, or is not known.</summary>
    /// <param name="start">The first bytes.</param>
    public static string? ProgramFor(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0xfd, 0x37, 0x7a, 0x58, 0x5a]) ? "xz"
        : start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? "zstd"
        : null;

    /// <summary>Whether it is gzip's form.</summary>
    /// <param name="start">The first bytes.</param>
    public static bool IsGzip(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    /// <summary>Unpacks into a stream; false if the form is not known or its program cannot do it.</summary>
    public static bool TryUnpack(byte[] packed, int start, int length, Stream target)
    {
        var span = packed.AsSpan(start, length);
        if (IsGzip(span))
        {
            return TryUnpackGzip(packed, start, length, target);
        }

        return ProgramFor(span) is { } program && TryRun(program, packed.AsMemory(start, length), target);
    }

    private static bool TryUnpackGzip(byte[] packed, int start, int length, Stream target)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed, start, length, writable: false), CompressionMode.Decompress);
            gzip.CopyTo(target);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool TryRun(string program, ReadOnlyMemory<byte> packed, Stream target)
    {
        var start = new ProcessStartInfo(program, ["-dc"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var feed = Task.Run(() => Feed(process, packed));
            process.StandardOutput.BaseStream.CopyTo(target);
            process.WaitForExit();
            feed.GetAwaiter().GetResult();
            errors.GetAwaiter().GetResult();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // not installed
        }
    }

    private static void Feed(Process process, ReadOnlyMemory<byte> packed)
    {
        try
        {
            process.StandardInput.BaseStream.Write(packed.Span);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code says so.
        }
    }
}
