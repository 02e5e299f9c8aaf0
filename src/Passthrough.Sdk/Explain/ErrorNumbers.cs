using System.Globalization;

namespace Passthrough.Sdk.Explain;

/// <summary>The numbers behind the C library's words for errors, as far as these messages end in them.</summary>
internal static class ErrorNumbers
{
    private static readonly (string Words, int Number)[] Words =
    [
        ("Operation not permitted", 1), ("No such file or directory", 2), ("Input/output error", 5), ("No such device or address", 6),
        ("Cannot allocate memory", 12), ("Permission denied", 13), ("Bad address", 14), ("Device or resource busy", 16), ("File exists", 17),
        ("No such device", 19), ("Not a directory", 20), ("Invalid argument", 22), ("Too many open files", 24), ("Inappropriate ioctl for device", 25),
        ("No space left on device", 28), ("Read-only file system", 30), ("Numerical result out of range", 34), ("Operation not supported", 95),
        ("Connection reset by peer", 104), ("Connection timed out", 110), ("Connection refused", 111),
    ];

    /// <summary>The number of the error that a text begins with: <c>Operation not permitted</c>, <c>-22</c>; null for other words, such as a translation.</summary>
    public static int? Of(ReadOnlySpan<char> text)
    {
        text = text.TrimStart(" :(");
        foreach (var (words, number) in Words)
        {
            if (text.StartsWith(words, StringComparison.OrdinalIgnoreCase))
            {
                return number;
            }
        }

        var digits = text.TrimStart('-');
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed is > 0 and < 4096
            ? parsed
            : null;
    }
}
