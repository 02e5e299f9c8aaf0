namespace Passthrough.Sdk.Sysfs;

/// <summary>Reads to the end of something that does not tell its size beforehand.</summary>
internal static class ContentReader
{
    private const int FirstSize = 4096;

    /// <summary>One read.</summary>
    /// <returns>0, or an errno; length 0 is the end.</returns>
    public delegate int ReadSome(Span<byte> buffer, out int length);

    /// <summary>Reads until the end.</summary>
    /// <param name="limit">More bytes than this are refused with EFBIG.</param>
    /// <param name="read">One read.</param>
    /// <param name="content">What was read; empty on failure.</param>
    public static int TryReadAll(int limit, ReadSome read, out byte[] content)
    {
        content = [];
        var buffer = new byte[FirstSize];
        var filled = 0;
        while (true)
        {
            var errno = read(buffer.AsSpan(filled), out var length);
            if (errno != Errno.Success)
            {
                return errno;
            }

            filled += length;
            if (filled > limit)
            {
                return Errno.TooLarge;
            }

            if (length == 0)
            {
                content = buffer.AsSpan(0, filled).ToArray();
                return Errno.Success;
            }

            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }
}
