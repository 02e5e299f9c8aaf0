using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Testing;

/// <summary>Assertions about plans of every kind, for every test framework.</summary>
/// <remarks>Each returns the plan, so that several can follow each other. Thread safety: all members may be called from several threads at the same time.</remarks>
/// <example>
/// <code>
/// host.Open().Plan([nic], guest).ShouldHaveSteps(PlanStepKind.AddToDefinition, PlanStepKind.AttachLive);
/// host.Open().Plan([disk], guest).ShouldBeRefusedFor(FindingIds.DeviceHoldsMountedFileSystem);
/// </code>
/// </example>
public static class PlanAssertions
{
    /// <summary>Checks that a plan is refused, and that each of these findings alone would refuse it.</summary>
    /// <typeparam name="TPlan">The type of the plan.</typeparam>
    /// <param name="plan">The plan.</param>
    /// <param name="ids">The ids, some of <see cref="FindingIds"/>; others may refuse it too. Empty if the reason does not matter.</param>
    /// <exception cref="PassthroughAssertionException">It is not refused, or not for one of these findings.</exception>
    public static TPlan ShouldBeRefusedFor<TPlan>(this TPlan plan, params ReadOnlySpan<string> ids)
        where TPlan : Plan
    {
        ArgumentNullException.ThrowIfNull(plan);
        ValueList<string> accepted = [.. plan.Accepted.Select(finding => finding.Id)];
        var refusing = plan.Findings.Where(finding => PlanGuards.Refuses(finding, accepted)).Select(finding => finding.Id).ToHashSet(StringComparer.Ordinal);
        List<string> missing = [];
        foreach (var id in ids)
        {
            if (!refusing.Contains(id))
            {
                missing.Add(id);
            }
        }

        var wanted = ids.IsEmpty ? "should be refused" : $"should be refused for {string.Join(" and ", ids!)}";
        return !plan.IsRefused ? throw Failed(plan, $"{wanted}, but it is not refused")
            : missing.Count > 0 ? throw Failed(plan, $"{wanted}, but {string.Join(" and ", missing)} {(missing.Count == 1 ? "does" : "do")} not refuse it")
            : plan;
    }

    /// <summary>Checks that no guard refuses a plan.</summary>
    /// <typeparam name="TPlan">The type of the plan.</typeparam>
    /// <param name="plan">The plan.</param>
    /// <exception cref="PassthroughAssertionException">It is refused.</exception>
    public static TPlan ShouldNotBeRefused<TPlan>(this TPlan plan)
        where TPlan : Plan
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.IsRefused ? throw Failed(plan, "should not be refused, but it is") : plan;
    }

    /// <summary>Checks that a plan is not refused and has exactly these kinds of steps, in this order.</summary>
    /// <typeparam name="TPlan">The type of the plan.</typeparam>
    /// <param name="plan">The plan.</param>
    /// <param name="kinds">The kinds; none if there should be nothing to do.</param>
    /// <exception cref="PassthroughAssertionException">It is refused, or has other steps.</exception>
    public static TPlan ShouldHaveSteps<TPlan>(this TPlan plan, params ReadOnlySpan<PlanStepKind> kinds)
        where TPlan : Plan
    {
        ArgumentNullException.ThrowIfNull(plan);
        var wanted = $"should have {Steps(kinds)}";
        PlanStepKind[] actual = [.. plan.Steps.Select(step => step.Kind)];
        return plan.IsRefused ? throw Failed(plan, $"{wanted}, but it is refused")
            : !kinds.SequenceEqual(actual) ? throw Failed(plan, $"{wanted}, but it has {Steps(actual)}")
            : plan;
    }

    private static string Steps(ReadOnlySpan<PlanStepKind> kinds) => kinds.IsEmpty ? "no steps" : $"the steps {string.Join(", ", kinds.ToArray())}";

    private static PassthroughAssertionException Failed(Plan plan, string text) => new($"The plan to {plan.Purpose} {text}.\n{plan.ToString().TrimEnd('\n')}");
}
