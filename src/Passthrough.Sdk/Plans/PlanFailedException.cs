using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans;

/// <summary>The exception that is thrown when a step of a plan fails. Every finished step was undone, except those in <see cref="NotUndone"/>.</summary>
/// <remarks><see cref="Exception.InnerException"/> is the step's own error. Thread safety: immutable.</remarks>
public sealed class PlanFailedException : PassthroughException
{
    /// <summary>Creates the exception, for the tests of a program that handles it.</summary>
    /// <param name="step">The step that failed.</param>
    /// <param name="cause">The step's own error.</param>
    /// <param name="notUndone">The steps that could not be undone.</param>
    public PlanFailedException(PlanStep step, Exception cause, params ValueList<StepNotUndone> notUndone)
        : this(step, cause, notUndone, isUnplugPending: false)
    {
    }

    internal PlanFailedException(PlanStep step, Exception cause, ValueList<StepNotUndone> notUndone, bool isUnplugPending)
        : base(Compose(step, cause, notUndone, isUnplugPending), cause)
    {
        Step = step;
        NotUndone = notUndone;
    }

    /// <summary>Gets the step that failed.</summary>
    public PlanStep Step { get; }

    /// <summary>Gets the steps that could not be undone, each with its reason; empty if everything is as it was before.</summary>
    public ValueList<StepNotUndone> NotUndone { get; }

    /// <summary>Says what was undone; a request to the guest cannot be undone.</summary>
    internal static string TakenBack(PlanStep step, bool isUnplugPending) => isUnplugPending
        ? $"every other change was undone, but the guest was asked to release {step.Device} and may still do so until it is shut down"
        : "every change was undone";

    private static string Compose(PlanStep step, Exception cause, ValueList<StepNotUndone> notUndone, bool isUnplugPending)
    {
        var what = cause is OperationCanceledException ? "was cancelled" : $"failed: {cause.Message}";
        var outcome = notUndone.IsEmpty
            ? TakenBack(step, isUnplugPending)
            : $"not undone: {string.Join("; ", notUndone.Select(left => $"{left.Step.Description} ({left.Reason})"))}; the journal keeps the plan for PassthroughHost.RecoverAsync";
        return $"step {step.Number} ({step.Description}) {what}; {outcome}";
    }
}
