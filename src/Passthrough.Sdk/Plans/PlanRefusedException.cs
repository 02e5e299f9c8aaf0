using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans;

/// <summary>The exception that is thrown when a guard refuses a plan, because it would fail or do harm. Nothing was changed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class PlanRefusedException : PassthroughException
{
    /// <summary>Creates the exception, for the tests of a program that handles it.</summary>
    /// <param name="findings">The findings that refuse the plan, the root cause first; at least one.</param>
    /// <exception cref="ArgumentException">There is no finding.</exception>
    public PlanRefusedException(params IEnumerable<Finding> findings)
        : this(AtLeastOne(findings), [])
    {
    }

    internal PlanRefusedException(ValueList<Finding> findings, ValueList<string> accepted)
        : base(Compose(findings, accepted)) => Findings = findings;

    /// <summary>Gets the findings that refuse the plan, the root cause first. Never empty.</summary>
    public ValueList<Finding> Findings { get; }

    private static ValueList<Finding> AtLeastOne(IEnumerable<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ValueList<Finding> all = [.. findings];
        return all.IsEmpty ? throw new ArgumentException("a plan is refused by at least one finding", nameof(findings)) : all;
    }

    private static string Compose(ValueList<Finding> findings, ValueList<string> accepted)
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
