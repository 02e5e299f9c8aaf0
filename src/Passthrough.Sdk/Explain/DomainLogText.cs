using System.Collections.Immutable;
using System.Globalization;

namespace Passthrough.Sdk.Explain;

/// <summary>The part of a domain's log that belongs to its last start.</summary>
internal static class DomainLogText
{
    private const int LinesOfAChain = 200;
    private static readonly TimeSpan OneAttempt = TimeSpan.FromMinutes(2);

    /// <summary>The lines after the last start, without the command line that libvirt writes there; empty for no log.</summary>
    public static ImmutableArray<string> LastStart(string? log)
    {
        if (string.IsNullOrEmpty(log))
        {
            return [];
        }

        // A log that is longer than anybody reads: its end counts.
        var lines = ErrorLines.Of(log.Length > ErrorLines.MostCharacters ? log[^ErrorLines.MostCharacters..] : log);
        var start = -1;
        for (var i = lines.Length - 1; i >= 0 && start < 0; i--)
        {
            start = lines[i].Contains(": starting up", StringComparison.Ordinal) ? i : -1;
        }

        return start >= 0 ? [.. lines.Skip(start + 1).Where(IsMessage)] : LastAttempt(lines);
    }

    /// <summary>A line that a program said, and not a part of its command line.</summary>
    private static bool IsMessage(string line) =>
        !line.EndsWith('\\') && !line.StartsWith("LC_ALL=", StringComparison.Ordinal) && !line.StartsWith("-msg ", StringComparison.Ordinal)
        && !line.Contains("is tainted: ", StringComparison.Ordinal) && !line.Contains("char device redirected to ", StringComparison.Ordinal);

    // libxl's log has no starts: what was said within a short time of the last line is one attempt.
    private static ImmutableArray<string> LastAttempt(ImmutableArray<string> lines)
    {
        var last = lines.Select(TimeOf).LastOrDefault(time => time is not null);
        var recent = lines.Skip(Math.Max(0, lines.Length - LinesOfAChain));
        if (last is not null)
        {
            var since = last - OneAttempt;
            recent = recent.SkipWhile(line => TimeOf(line) is not { } time || time < since);
        }

        return [.. recent.Where(IsMessage)];
    }

    private static DateTime? TimeOf(string line) =>
        line.Length >= 19 && DateTime.TryParseExact(line.AsSpan(0, 19), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
