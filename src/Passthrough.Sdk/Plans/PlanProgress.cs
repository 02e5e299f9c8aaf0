namespace Passthrough.Sdk.Plans;

/// <summary>The progress of a plan that is being applied: the state of one step has changed.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">The new state of the step.</param>
/// <param name="Error">The error; null unless the state is <see cref="PlanStepState.Failed"/> or <see cref="PlanStepState.UndoFailed"/>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PlanProgress(PlanStep Step, PlanStepState State, Exception? Error = null)
{
    /// <summary>Gets the number of steps of the plan.</summary>
    public int Count { get; init; }

    /// <summary>Gets what the guest answered about the device of the step; null unless the state is <see cref="PlanStepState.CheckedInGuest"/>.</summary>
    public GuestCheck? Guest { get; init; }

    /// <summary>Gets the time since the plan began, including the time that it waited for other plans.</summary>
    public TimeSpan Elapsed { get; init; }
}
