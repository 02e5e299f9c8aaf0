using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness;

/// <summary>Runs all rules, lists consequences below their causes, and sorts the causes.</summary>
internal static class ReadinessEngine
{
    /// <param name="rules">The rules in the order of causes: the finding of an earlier rule is closer to the root cause.</param>
    /// <param name="context">The facts.</param>
    public static ReadinessReport Run(IReadOnlyList<IReadinessRule> rules, ReadinessContext context) =>
        new(Order([.. rules.SelectMany(rule => rule.Check(context), (rule, finding) => new Explained(context.WithAsked(finding), rule.ExplainedBy))]));

    /// <summary>Lists consequences below their causes and sorts the findings.</summary>
    /// <remarks>
    /// Only an earlier finding explains a later one, so there are no cycles. Only an established finding explains another, because
    /// an undetermined one explains nothing. And only a finding of the same or a higher severity does, because an error, including one that
    /// could not be ruled out, must stay visible.
    /// </remarks>
    internal static ValueList<Finding> Order(IReadOnlyList<Explained> found)
    {
        var rootOf = new int[found.Count];
        for (var i = 0; i < found.Count; i++)
        {
            rootOf[i] = i;
            for (var cause = 0; cause < i && rootOf[i] == i; cause++)
            {
                if (!found[cause].Finding.IsUndetermined && found[cause].Finding.Severity >= found[i].Finding.PossibleSeverity && found[i].By.Contains(found[cause].Finding.Id))
                {
                    // A consequence of a consequence is listed below the root: an operator wants a list, not a tree.
                    rootOf[i] = rootOf[cause];
                }
            }
        }

        return
        [
            .. Enumerable.Range(0, found.Count)
                .Where(i => rootOf[i] == i)
                .Select(i => found[i].Finding with { Consequences = [.. ConsequencesOf(i)] })
                .OrderByDescending(finding => finding.Severity) // stable: the order of the rules is kept within a severity
                .ThenBy(finding => finding.IsUndetermined)
        ];

        IEnumerable<Finding> ConsequencesOf(int root) =>
            Enumerable.Range(0, found.Count).Where(i => i != root && rootOf[i] == root).Select(i => found[i].Finding.AsConsequence());
    }

    /// <summary>A finding with the ids that would explain it.</summary>
    internal readonly record struct Explained(Finding Finding, ValueList<string> By);
}
