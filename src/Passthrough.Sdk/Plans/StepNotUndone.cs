namespace Passthrough.Sdk.Plans;

/// <summary>A step that could not be undone. Its entry stays in the journal.</summary>
/// <param name="Step">The step.</param>
/// <param name="Reason">The reason and what to do, in a sentence.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record StepNotUndone(PlanStep Step, string Reason)
{
    /// <summary>Returns a text of the form <c>1. description: reason</c>.</summary>
    public override string ToString() => $"{Step}: {Reason}";
}
