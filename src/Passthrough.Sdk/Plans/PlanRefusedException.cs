using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans;

/// <summary>The exception that is thrown when a guard refuses a plan, because it would fail or do harm. Nothing was changed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class PlanRefusedException : PassthroughException
{
    internal PlanRefusedException(ValueList<Finding> findings, ImmutableHashSet<string> accepted)
        : base(Compose(findings, accepted)) => Findings = findings;

    /// <summary>Gets the findings that refuse the plan, the root cause first. Never empty.</summary>
    public ValueList<Finding> Findings { get; }

    private static string Compose(ValueList<Finding> findings, ImmutableHashSet<string> accepted)
    {
        var first = findings[0];
        var text = $"{first.Title} [{first.Id}]; {first.Remedy}";
        if (first.IsUndetermined)
        {
            text += $"; or accept {first.Id} if you know the answer";
        }

        var refused = findings.Where(finding => accepted.Contains(finding.Id) && !PlanGuards.CanBeAccepted(finding)).Select(finding => finding.Id).Distinct().ToList();
        if (refused.Count > 0)
        {
            return $"{text}; {string.Join(", ", refused)} cannot be accepted";
        }

        return PlanGuards.IsAccepted(first, accepted) ? $"{text}; this differs from what was accepted: make the plan again and review it" : text;
    }
}
