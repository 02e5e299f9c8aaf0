namespace Passthrough.Sdk.Plans;

/// <summary>Progress of a plan that is being applied: one step has come further.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Error">What went wrong; null unless the state is <see cref="PlanStepState.Failed"/> or <see cref="PlanStepState.UndoFailed"/>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PlanProgress(PlanStep Step, PlanStepState State, Exception? Error = null)
{
    /// <summary>How many steps the plan has.</summary>
    public int Count { get; init; }

    /// <summary>How long the plan has been applied, the waiting for its turn included.</summary>
    public TimeSpan Elapsed { get; init; }
}
