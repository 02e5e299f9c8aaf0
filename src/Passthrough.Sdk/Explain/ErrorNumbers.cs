using System.Collections.Frozen;
using System.Globalization;

namespace Passthrough.Sdk.Explain;

/// <summary>Maps the C libraries' error texts and names to their numbers.</summary>
/// <remarks>Source: Linux's uapi errno-base.h and errno.h; the texts of glibc and of musl. Thread safety: pure.</remarks>
internal static class ErrorNumbers
{
    private static readonly (string Words, int Number)[] Words =
    [
        ("Operation not permitted", 1), ("No such file or directory", 2), ("No such process", 3), ("Interrupted system call", 4), ("Input/output error", 5), ("I/O error", 5),
        ("No such device or address", 6), ("Argument list too long", 7), ("Bad file descriptor", 9), ("Resource temporarily unavailable", 11), ("Cannot allocate memory", 12),
        ("Out of memory", 12), ("Permission denied", 13), ("Bad address", 14), ("Device or resource busy", 16), ("Resource busy", 16), ("File exists", 17), ("Invalid cross-device link", 18),
        ("No such device", 19), ("Not a directory", 20), ("Is a directory", 21), ("Invalid argument", 22), ("Too many open files", 24), ("Inappropriate ioctl for device", 25), ("Not a tty", 25),
        ("Text file busy", 26), ("File too large", 27), ("No space left on device", 28), ("Illegal seek", 29), ("Invalid seek", 29), ("Read-only file system", 30), ("Broken pipe", 32),
        ("Numerical result out of range", 34), ("Result not representable", 34), ("Function not implemented", 38), ("No data available", 61), ("Value too large for defined data type", 75),
        ("Too many users", 87), ("Operation not supported", 95), ("Not supported", 95), ("Connection reset by peer", 104), ("Connection timed out", 110), ("Operation timed out", 110),
        ("Connection refused", 111), ("Host is unreachable", 113), ("No route to host", 113), ("Stale file handle", 116), ("Remote I/O error", 121), ("Operation canceled", 125),
        ("Key has been rejected", 129), ("Key was rejected by service", 129),
    ];

    private static readonly FrozenDictionary<string, int> Names = new Dictionary<string, int>
    {
        ["EPERM"] = 1, ["ENOENT"] = 2, ["EIO"] = 5, ["ENXIO"] = 6, ["EAGAIN"] = 11, ["ENOMEM"] = 12, ["EACCES"] = 13, ["EFAULT"] = 14, ["EBUSY"] = 16, ["EEXIST"] = 17, ["ENODEV"] = 19,
        ["EINVAL"] = 22, ["EMFILE"] = 24, ["ENOTTY"] = 25, ["ENOSPC"] = 28, ["EROFS"] = 30, ["EPIPE"] = 32, ["ERANGE"] = 34, ["ENOSYS"] = 38, ["EUSERS"] = 87, ["EOPNOTSUPP"] = 95, ["ENOTSUPP"] = 524,
        ["ECONNRESET"] = 104, ["ETIMEDOUT"] = 110, ["ECONNREFUSED"] = 111, ["EKEYREJECTED"] = 129,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the error texts as glibc has them in its catalogue.</summary>
    public static IEnumerable<string> AllWords => Words.Select(pair => pair.Words);

    /// <summary>Returns the number of the error with which a text begins: <c>Operation not permitted</c>, <c>EPERM</c>,
    /// <c>-22</c>, <c>errno=16</c>; null for other words, such as a translation.</summary>
    public static int? Of(ReadOnlySpan<char> text)
    {
        text = text.TrimStart(" :('\"[-=");
        foreach (var (words, number) in Words)
        {
            if (text.StartsWith(words, StringComparison.OrdinalIgnoreCase))
            {
                return number;
            }
        }

        foreach (var lead in (ReadOnlySpan<string>)["errno", "error", "code", "os error", "status", "err"])
        {
            if (text.StartsWith(lead, StringComparison.OrdinalIgnoreCase) && text[lead.Length..].TrimStart(" :=(-") is [>= '0' and <= '9', ..] and var rest)
            {
                text = rest;
                break;
            }
        }

        if (text is ['E' or 'e', ..])
        {
            var letters = text.IndexOfAnyExcept(Letters);
            return Names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(letters < 0 ? text : text[..letters], out var named) ? named : null;
        }

        var digits = text.TrimStart('-');
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed is > 0 and < 4096
            ? parsed
            : null;
    }

    private static System.Buffers.SearchValues<char> Letters { get; } = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}
