using System.Collections.Frozen;
using Passthrough.Sdk.Explain.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain;

/// <summary>Finds known messages in a text.</summary>
internal static class ErrorMatcher
{
    /// <summary>Returns the message that counts: the first that names a cause; else the first note; else the first that only
    /// says that something failed.</summary>
    /// <param name="lines">The text.</param>
    /// <param name="source">The source of the text.</param>
    /// <param name="errno">The error number that came with it; it replaces words that are not English.</param>
    public static PatternMatch? First(ValueList<string> lines, string source, int? errno = null)
    {
        PatternMatch? hint = null, container = null;
        var complete = FailedWrite.Complete(lines);
        for (var i = 0; i < lines.Count; i++)
        {
            var (cause, remark, shell) = InLine(lines[i], complete[i], source, errno);
            if (cause is not null)
            {
                return cause;
            }

            hint ??= remark;
            // "Failed to start domain" comes before more specific messages.
            container = container is null or { Pattern.Causes.IsEmpty: true } ? shell ?? container : container;
        }

        return hint ?? container;
    }

    /// <summary>Returns whether a line contains a known message.</summary>
    public static bool Knows(string line) => InLine(line, FailedWrite.Complete([line])[0], "", null) is not (null, null, null);

    /// <summary>Returns all messages of a role, at most one for each line.</summary>
    public static IEnumerable<PatternMatch> All(IEnumerable<string> lines, string source) =>
        lines.Select(line => InLine(line, line, source, null).Cause).OfType<PatternMatch>();

    private static (PatternMatch? Cause, PatternMatch? Hint, PatternMatch? Container) InLine(string line, string complete, string source, int? errno)
    {
        var key = MessageKey.Of(complete);
        // The leftmost is the outermost, and the first one; of two at the same position the order of the table decides.
        Span<int> best = [int.MaxValue, int.MaxValue, int.MaxValue];
        var found = new PatternMatch?[3];
        foreach (var pattern in ErrorPatterns.All)
        {
            var role = (int)pattern.Role;
            if (pattern.Template.Match(key, out var start) is { } captures && start < best[role] && Fits(pattern, captures, errno))
            {
                best[role] = start;
                found[role] = new(pattern, "", captures, source);
            }
        }

        var message = ErrorLines.Peel(found[(int)ErrorRole.Container]?["rest"] ?? line);
        return (Named(ErrorRole.Cause), Named(ErrorRole.Hint), Named(ErrorRole.Container));

        PatternMatch? Named(ErrorRole role) => found[(int)role] is { } match ? match with { Message = message } : null;
    }

    private static bool Fits(ErrorPattern pattern, FrozenDictionary<string, string> captures, int? errno) =>
        (pattern.Errno is not { } wanted || (captures.TryGetValue("reason", out var reason) && (ErrorNumbers.Of(MessageKey.WordsOf(reason)) ?? errno) == wanted))
        && (!captures.TryGetValue("mdev", out var mdev) || Guid.TryParse(mdev, out _));
}
