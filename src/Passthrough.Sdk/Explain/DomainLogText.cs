using System.Globalization;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain;

/// <summary>Extracts the part of a domain's log that belongs to its last start.</summary>
internal static class DomainLogText
{
    private const int LinesOfAChain = 200;
    private static readonly TimeSpan OneAttempt = TimeSpan.FromMinutes(2);

    /// <summary>Returns the lines after the last start, without the command line that libvirt writes there; empty if there is
    /// no log.</summary>
    public static ValueList<string> LastStart(string? log)
    {
        if (string.IsNullOrEmpty(log))
        {
            return [];
        }

        var lines = LinesOf(log);
        var start = StartIn(lines);
        return start >= 0 ? [.. lines.Skip(start + 1).Where(IsMessage)] : LastAttempt(lines);
    }

    /// <summary>Returns when the last start began, by libvirt's clock; null if the log does not contain it.</summary>
    public static DateTimeOffset? TimeOfLastStart(string? log)
    {
        var lines = LinesOf(log ?? "");
        return StartIn(lines) is >= 0 and var start && TimeOf(lines[start]) is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null;
    }

    // Of a log that is too long, only the end is read.
    private static ValueList<string> LinesOf(string log) => ErrorLines.Of(log.Length > ErrorLines.MostCharacters ? log[^ErrorLines.MostCharacters..] : log);

    private static int StartIn(ValueList<string> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            if (lines[i].Contains(": starting up", StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Returns whether a program wrote the line, and it is not a part of its command line.</summary>
    private static bool IsMessage(string line) =>
        !line.EndsWith('\\') && !line.StartsWith("LC_ALL=", StringComparison.Ordinal) && !line.StartsWith("-msg ", StringComparison.Ordinal)
        && !line.Contains("is tainted: ", StringComparison.Ordinal) && !line.Contains("char device redirected to ", StringComparison.Ordinal);

    // libxl's log has no starts: the lines within a short time before the last one are one attempt.
    private static ValueList<string> LastAttempt(ValueList<string> lines)
    {
        var last = lines.Select(TimeOf).LastOrDefault(time => time is not null);
        var recent = lines.Skip(Math.Max(0, lines.Count - LinesOfAChain));
        if (last is not null)
        {
            var since = last - OneAttempt;
            recent = recent.SkipWhile(line => TimeOf(line) is not { } time || time < since);
        }

        return [.. recent.Where(IsMessage)];
    }

    // libvirt writes universal time with its offset: "2026-11-24 10:09:32.123+0000: ".
    private static DateTime? TimeOf(string line) =>
        line.Length >= 19 && DateTime.TryParseExact(line.AsSpan(0, 19), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
