using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness;

/// <summary>Asks every rule, folds consequences under their causes and puts the causes in order.</summary>
internal static class ReadinessEngine
{
    /// <param name="rules">The rules in the order of causes: an earlier rule's finding is nearer to the root.</param>
    /// <param name="context">The facts.</param>
    public static ReadinessReport Run(IReadOnlyList<IReadinessRule> rules, ReadinessContext context) =>
        new(Order([.. rules.SelectMany(rule => rule.Check(context), (rule, finding) => new Explained(finding, rule.ExplainedBy))]));

    /// <summary>Folds and orders what was found.</summary>
    /// <remarks>
    /// Only an earlier finding explains a later one, so that nothing can be folded away in a circle; only an established one,
    /// since what nobody could tell explains nothing; and only one that matters as much, since an error must stay in sight.
    /// </remarks>
    internal static ImmutableArray<Finding> Order(IReadOnlyList<Explained> found)
    {
        var rootOf = new int[found.Count];
        for (var i = 0; i < found.Count; i++)
        {
            rootOf[i] = i;
            for (var cause = 0; cause < i && rootOf[i] == i; cause++)
            {
                if (!found[cause].Finding.IsUndetermined && found[cause].Finding.Severity >= found[i].Finding.Severity && found[i].By.Contains(found[cause].Finding.Id))
                {
                    // A consequence of a consequence hangs under the root: an operator wants a list, not a tree.
                    rootOf[i] = rootOf[cause];
                }
            }
        }

        return
        [
            .. Enumerable.Range(0, found.Count)
                .Where(i => rootOf[i] == i)
                .Select(i => found[i].Finding with { Consequences = [.. ConsequencesOf(i)] })
                .OrderByDescending(finding => finding.Severity) // stable: within a severity the order of the rules holds
                .ThenBy(finding => finding.IsUndetermined)
        ];

        IEnumerable<Finding> ConsequencesOf(int root) =>
            Enumerable.Range(0, found.Count).Where(i => i != root && rootOf[i] == root).Select(i => found[i].Finding.AsConsequence());
    }

    /// <summary>A finding with the ids that would explain it.</summary>
    internal readonly record struct Explained(Finding Finding, ImmutableArray<string> By);
}
