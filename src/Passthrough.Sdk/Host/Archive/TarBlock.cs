namespace Passthrough.Sdk.Host.Archive;

/// <summary>The first 512 bytes of a tar's entry (POSIX.1-1988 ustar, and the format of Unix version 7 before it).</summary>
internal static class TarBlock
{
    public const int Size = 512;

    private const int ChecksumAt = 148;
    private const int ChecksumLength = 8;
    private const int MagicAt = 257;

    /// <summary>Whether bytes are such a header: they say so, or, as the old format has no such word, their sum is right.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size)
        {
            return false;
        }

        if (bytes[MagicAt..].StartsWith("ustar"u8))
        {
            return true;
        }

        // The sum is taken with the field itself full of spaces.
        var sum = ChecksumLength * ' ';
        for (var at = 0; at < Size; at++)
        {
            sum += at is >= ChecksumAt and < ChecksumAt + ChecksumLength ? 0 : bytes[at];
        }

        return sum == Octal(bytes.Slice(ChecksumAt, ChecksumLength));
    }

    private static int Octal(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return -1;
            }

            value = (value * 8) + (digit - '0');
        }

        return value;
    }
}
