using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Passthrough.Sdk.Explain;

/// <summary>Finds known messages in a text.</summary>
internal static class ErrorMatcher
{
    /// <summary>The message that counts: the first that names a cause; else the first remark; else the first that only says that something failed.</summary>
    /// <param name="lines">The text.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="errno">The error number that came with it; it stands in for words that are not English.</param>
    public static PatternMatch? First(ImmutableArray<string> lines, string source, int? errno = null)
    {
        PatternMatch? hint = null, container = null;
        foreach (var line in lines)
        {
            var (cause, remark, shell) = InLine(line, source, errno);
            if (cause is not null)
            {
                return cause;
            }

            hint ??= remark;
            // "Failed to start domain" goes before what says more.
            container = container is null or { Pattern.Causes.IsEmpty: true } ? shell ?? container : container;
        }

        return hint ?? container;
    }

    /// <summary>All messages of a role, a line at most one.</summary>
    public static IEnumerable<PatternMatch> All(IEnumerable<string> lines, string source) =>
        lines.Select(line => InLine(line, source, null).Cause).OfType<PatternMatch>();

    private static (PatternMatch? Cause, PatternMatch? Hint, PatternMatch? Container) InLine(string line, string source, int? errno)
    {
        // The leftmost is the outermost, and the first that was said; of two at the same place the table's order decides.
        Span<int> best = [int.MaxValue, int.MaxValue, int.MaxValue];
        var found = new PatternMatch?[3];
        foreach (var pattern in ErrorPatterns.All)
        {
            var role = (int)pattern.Role;
            if (pattern.Template.Match(line, out var start) is { } captures && start < best[role] && Fits(pattern, captures, errno))
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
        pattern.Errno is not { } wanted || (captures.TryGetValue("reason", out var reason) && (ErrorNumbers.Of(reason) ?? errno) == wanted);
}
