using System.Buffers;
using System.Collections.Immutable;

namespace Passthrough.Sdk.Explain;

/// <summary>Takes a text apart into its lines, and off them what programs put in front: times, names, levels, the argument they speak of.</summary>
internal static class ErrorLines
{
    /// <summary>More than this of a text is not looked at: no program says as much about one error.</summary>
    public const int MostCharacters = 256 * 1024;

    private const int MostLineCharacters = 8 * 1024;
    private static readonly SearchValues<char> UptimeCharacters = SearchValues.Create(" 0123456789.T");
    private static readonly SearchValues<char> TimeCharacters = SearchValues.Create("0123456789-:.+TZ ");

    /// <summary>The lines that say something, with plain quotes.</summary>
    public static ImmutableArray<string> Of(string text)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var line in text.AsSpan(0, Math.Min(text.Length, MostCharacters)).EnumerateLines())
        {
            var trimmed = line[..Math.Min(line.Length, MostLineCharacters)].Trim();
            if (!trimmed.IsEmpty)
            {
                lines.Add(PlainQuotes(trimmed));
            }
        }

        return lines.ToImmutable();
    }

    /// <summary>A line without what stands in front of its message.</summary>
    public static string Peel(string line)
    {
        var rest = line.AsSpan().Trim();
        for (var length = -1; length != rest.Length;)
        {
            length = rest.Length;
            rest = WithoutLevel(WithoutTime(WithoutKernelHead(rest)));
            rest = WithoutArgument(WithoutProgram(WithoutFunction(rest))).TrimStart();
        }

        return rest.ToString();
    }

    private static ReadOnlySpan<char> WithoutLevel(ReadOnlySpan<char> line) =>
        line.StartsWith("error:", StringComparison.OrdinalIgnoreCase) ? line[6..].TrimStart() : line;

    // "2026-11-24T10:09:32.123456Z ", "2026-11-24 10:09:32.123+0000: "
    private static ReadOnlySpan<char> WithoutTime(ReadOnlySpan<char> line)
    {
        if (line.Length < 19 || line[4] != '-' || line[7] != '-' || line[13] != ':' || !char.IsAsciiDigit(line[0]))
        {
            return line;
        }

        var end = line.IndexOfAnyExcept(TimeCharacters);
        return end < 0 ? line : line[end..];
    }

    // "[  123.456789] ", "<6>", "Nov 23 15:37:00 host kernel: "
    private static ReadOnlySpan<char> WithoutKernelHead(ReadOnlySpan<char> line)
    {
        if (line is ['<', _, '>', ..])
        {
            line = line[3..];
        }

        if (line is ['[', ..] && line.IndexOf(']') is > 0 and < 40 and var close && line[1..close].IndexOfAnyExcept(UptimeCharacters) < 0)
        {
            return line[(close + 1)..].TrimStart();
        }

        return line.IndexOf(" kernel: ") is > 0 and < 80 and var kernel ? line[(kernel + 9)..].TrimStart() : line;
    }

    // libvirt's own log: "1234: error : virPCIDeviceNew:1530 : "
    private static ReadOnlySpan<char> WithoutFunction(ReadOnlySpan<char> line)
    {
        var level = line.IndexOf(": error : ") is >= 0 and < 12 and var error ? error + 10
            : line.IndexOf(": warning : ") is >= 0 and < 12 and var warning ? warning + 12 : 0;
        return level > 0 && line[..level].IndexOfAnyInRange('0', '9') == 0 && line[level..].IndexOf(" : ") is > 0 and < 80 and var function
            ? line[(level + function + 3)..]
            : line;
    }

    private static ReadOnlySpan<char> WithoutProgram(ReadOnlySpan<char> line)
    {
        var end = line.IndexOf(": ");
        if (end <= 0 || line[..end].Contains(' '))
        {
            return line;
        }

        var name = line[..end];
        name = name[(name.LastIndexOf('/') + 1)..];
        return name.StartsWith("qemu", StringComparison.Ordinal) || name is "kvm" or "virsh" or "xl" or "libxl" ? line[(end + 2)..] : line;
    }

    // QEMU repeats the argument: "-device vfio-pci,host=0000:01:00.0,id=hostdev0: "
    private static ReadOnlySpan<char> WithoutArgument(ReadOnlySpan<char> line) =>
        line is ['-', >= 'a' and <= 'z', ..] && line.IndexOf(": ") is > 0 and var end ? line[(end + 2)..] : line;

    private static string PlainQuotes(ReadOnlySpan<char> line) =>
        string.Create(line.Length, line, static (plain, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                plain[i] = source[i] switch
                {
                    '\u2018' or '\u2019' or '\u201a' or '\u201b' or '\u201c' or '\u201d' or '\u201e' or '\u00ab' or '\u00bb' or '\u2039' or '\u203a' or '`' => '\'',
                    '\u00a0' or '\t' or '\u202f' => ' ',
                    var other => other,
                };
            }
        });
}
