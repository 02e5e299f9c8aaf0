namespace Passthrough.Sdk.Assignment;

/// <summary>News of a plan that is being applied.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Error">What went wrong; null unless the state is <see cref="AssignmentStepState.Failed"/> or <see cref="AssignmentStepState.UndoFailed"/>.</param>
public sealed record AssignmentProgress(AssignmentStep Step, AssignmentStepState State, Exception? Error = null);
