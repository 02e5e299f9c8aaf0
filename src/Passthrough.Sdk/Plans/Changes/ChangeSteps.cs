using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>The kinds of steps that plans are made of, by kind.</summary>
/// <param name="all">One of each kind.</param>
internal sealed class ChangeSteps(params ValueList<ChangeStep> all)
{
    /// <summary>Returns the step of a kind.</summary>
    /// <exception cref="PassthroughException">This version does not know the kind: a newer version wrote the entry.</exception>
    public ChangeStep For(PlanStepKind kind) =>
        all.FirstOrDefault(step => step.Kind == kind)
        ?? throw new PassthroughException($"this version does not know the step {kind}; recover with the version that began the plan");

    /// <summary>Describes changes as the steps of a plan.</summary>
    public ValueList<PlanStep> Describe(ValueList<HostChange> changes) =>
        [.. changes.Select((change, i) => For(change.Kind).Describe(i + 1, change))];
}
