using System.Collections.Immutable;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans;

/// <summary>A step of a plan failed. What had been done was taken back, unless <see cref="NotUndone"/> says otherwise.</summary>
/// <remarks><see cref="Exception.InnerException"/> is the step's own error. Thread safety: immutable.</remarks>
public sealed class PlanFailedException : PassthroughException
{
    internal PlanFailedException(PlanStep step, Exception cause, ImmutableArray<StepNotUndone> notUndone, bool isUnplugPending = false)
        : base(Compose(step, cause, notUndone, isUnplugPending), cause)
    {
        Step = step;
        NotUndone = notUndone;
    }

    /// <summary>The step that failed.</summary>
    public PlanStep Step { get; }

    /// <summary>The steps that could not be taken back, each with its reason; empty when everything is as it was before.</summary>
    public ImmutableArray<StepNotUndone> NotUndone { get; }

    /// <summary>Says what is taken back; a request to the guest cannot be.</summary>
    internal static string TakenBack(PlanStep step, bool isUnplugPending) => isUnplugPending
        ? $"everything else that was done is taken back, but the guest was asked to let go of {step.Device}, and may still do so until it is shut down"
        : "everything that was done is taken back";

    private static string Compose(PlanStep step, Exception cause, ImmutableArray<StepNotUndone> notUndone, bool isUnplugPending)
    {
        var what = cause is OperationCanceledException ? "was cancelled" : $"failed: {cause.Message}";
        var outcome = notUndone.IsEmpty
            ? TakenBack(step, isUnplugPending)
            : $"not taken back: {string.Join("; ", notUndone.Select(left => $"{left.Step.Description} ({left.Reason})"))}; the journal keeps it for PassthroughHost.RecoverAsync";
        return $"step {step.Number} ({step.Description}) {what}; {outcome}";
    }
}
