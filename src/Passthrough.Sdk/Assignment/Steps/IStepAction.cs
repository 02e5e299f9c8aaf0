namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>One kind of step: does one thing, verifies that it happened, takes it back.</summary>
/// <remarks>
/// <see cref="UndoAsync"/> looks before it acts: after a crash nobody knows whether the step was done, half done or not
/// begun, so it must be right in all three cases.
/// </remarks>
internal interface IStepAction
{
    /// <summary>Does it and verifies that it happened.</summary>
    Task ApplyAsync(StepContext context, CancellationToken cancellationToken);

    /// <summary>Takes it back, as far as it was done, and verifies that.</summary>
    Task UndoAsync(StepContext context);
}
