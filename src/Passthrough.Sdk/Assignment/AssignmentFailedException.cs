using System.Collections.Immutable;

namespace Passthrough.Sdk.Assignment;

/// <summary>A step of a plan failed. What had been done was taken back, unless <see cref="NotUndone"/> says otherwise.</summary>
/// <remarks><see cref="Exception.InnerException"/> is the step's own error. Thread safety: immutable.</remarks>
public sealed class AssignmentFailedException : PassthroughException
{
    internal AssignmentFailedException(AssignmentStep step, Exception cause, ImmutableArray<AssignmentStep> notUndone)
        : base(Compose(step, cause, notUndone), cause)
    {
        Step = step;
        NotUndone = notUndone;
    }

    /// <summary>The step that failed.</summary>
    public AssignmentStep Step { get; }

    /// <summary>Steps that could not be taken back; empty when everything is as it was before.</summary>
    public ImmutableArray<AssignmentStep> NotUndone { get; }

    private static string Compose(AssignmentStep step, Exception cause, ImmutableArray<AssignmentStep> notUndone)
    {
        var outcome = notUndone.IsEmpty
            ? "everything before it was taken back"
            : $"not taken back: {string.Join("; ", notUndone.Select(s => s.Description))} (run passthrough recover)";
        return $"step {step.Number} ({step.Description}) failed: {cause.Message}; {outcome}";
    }
}
