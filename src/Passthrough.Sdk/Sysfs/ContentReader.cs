using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>Reads to the end of something that does not tell its size beforehand, or not reliably.</summary>
internal static class ContentReader
{
    private const int FirstSize = 4096;

    /// <summary>One read.</summary>
    /// <returns>0, or an errno; length 0 is the end.</returns>
    public delegate int ReadSome(Span<byte> buffer, out int length);

    /// <summary>Reads until the end.</summary>
    /// <param name="limit">More bytes than this are refused with EFBIG.</param>
    /// <param name="size">
    /// What the source says of its size, asked only for what is larger than a page; a hint, as proc says 0. Null: it cannot say.
    /// </param>
    /// <param name="read">One read.</param>
    /// <param name="content">The bytes that were read; empty on failure.</param>
    public static int TryReadAll(int limit, Func<long>? size, ReadSome read, out byte[] content)
    {
        content = [];
        var buffer = new byte[FirstSize];
        var filled = 0;
        Span<byte> next = stackalloc byte[1];
        while (true)
        {
            // A full buffer may hold everything: only one more byte is asked for then, not room made for as much again.
            var isFull = filled == buffer.Length;
            var errno = read(isFull ? next : buffer.AsSpan(filled), out var length);
            if (errno != Errno.Success)
            {
                return errno;
            }

            if (length == 0)
            {
                Array.Resize(ref buffer, filled);
                content = buffer;
                return Errno.Success;
            }

            if (filled + length > limit)
            {
                return Errno.TooLarge;
            }

            if (isFull)
            {
                buffer = Larger(buffer, size?.Invoke() ?? 0, limit);
                buffer[filled] = next[0];
            }

            filled += length;
        }
    }

    private static byte[] Larger(byte[] full, long size, int limit)
    {
        var length = size > full.Length && size <= limit ? (int)size : full.Length * 2;
        var larger = GC.AllocateUninitializedArray<byte>(length);
        full.CopyTo(larger, 0);
        return larger;
    }
}
