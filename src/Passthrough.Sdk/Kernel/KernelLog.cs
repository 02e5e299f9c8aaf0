using System.Buffers;
using System.Globalization;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel;

/// <summary>The kernel's log. It is a ring buffer that drops its oldest lines.</summary>
/// <remarks>A missing line proves nothing. Source: the kernel's ring buffer, as <c>dmesg</c> reads it. Thread safety: immutable.</remarks>
public sealed class KernelLog
{
    private static readonly SearchValues<char> RecordHead = SearchValues.Create("0123456789,-cfk=aler");

    // A century: no kernel runs longer, and a damaged number is no time.
    private const uint MostSeconds = 100U * 366 * 24 * 60 * 60;

    private readonly ValueList<TimeSpan?> _times;

    private KernelLog(ValueList<string> lines, ValueList<TimeSpan?> times) => (Lines, _times) = (lines, times);

    /// <summary>Gets the messages in their order, without level and time.</summary>
    public ValueList<string> Lines { get; }

    /// <summary>
    /// Returns the time between the kernel's start and a line, without the time that the machine was suspended; null if the log does
    /// not contain it in this form.
    /// </summary>
    /// <param name="line">Its place in <see cref="Lines"/>.</param>
    public TimeSpan? TimeOf(int line) => _times[line];

    /// <summary>Parses a log as dmesg, the kernel's syslog call, /dev/kmsg or journalctl -k print it.</summary>
    /// <param name="text">The log.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static KernelLog Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = new List<string>();
        var times = new List<TimeSpan?>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var message = Message(line, out var time);
            if (!message.IsEmpty)
            {
                lines.Add(message.ToString());
                times.Add(time);
            }
        }

        return new KernelLog(lines.ToValueList(), times.ToValueList());
    }

    /// <summary>Returns the lines that contain a text, case-sensitively.</summary>
    /// <param name="text">The text.</param>
    public ValueList<string> Containing(string text) => [.. Lines.Where(l => l.Contains(text, StringComparison.Ordinal))];

    /// <summary>Returns whether a line contains a text, case-sensitively. False does not mean that the kernel never printed it.</summary>
    /// <param name="text">The text.</param>
    public bool Contains(string text) => Lines.Any(l => l.Contains(text, StringComparison.Ordinal));

    private static ReadOnlySpan<char> Message(ReadOnlySpan<char> line, out TimeSpan? time)
    {
        time = null;

        // /dev/kmsg: "6,339,5140900,-;message"; a continuation of keys begins with a blank.
        var semicolon = line.IndexOf(';');
        if (semicolon > 0 && line[..semicolon].IndexOfAnyExcept(RecordHead) < 0)
        {
            time = Microseconds(line[..semicolon]);
            return line[(semicolon + 1)..];
        }

        // "<6>[    1.069501] message"
        if (line.Length > 2 && line[0] == '<' && line.IndexOf('>') is > 0 and < 6 and var close)
        {
            line = line[(close + 1)..];
        }

        if (line.Length > 1 && line[0] == '[' && line.IndexOf(']') is > 0 and < 40 and var bracket)
        {
            time = Seconds(line[1..bracket]);
            return line[(bracket + 1)..].TrimStart(' ');
        }

        // syslog and the journal: "Nov 23 15:37:00 host kernel: message", where the message may still have its time.
        var kernel = line.IndexOf(" kernel: ");
        if (kernel >= 0)
        {
            return Message(line[(kernel + 9)..], out time);
        }

        return line.StartsWith(" ") && line.Contains('=') ? [] : line;
    }

    // "    1.069501"
    private static TimeSpan? Seconds(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < MostSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    // "6,339,5140900,-"
    private static TimeSpan? Microseconds(ReadOnlySpan<char> head)
    {
        Span<Range> fields = stackalloc Range[5];
        return head.Split(fields, ',') >= 3 && ulong.TryParse(head[fields[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds < MostSeconds * 1_000_000UL
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }
}
