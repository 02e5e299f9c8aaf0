namespace Passthrough.Sdk.Plans;

/// <summary>A step that could not be taken back. Its entry stays in the journal.</summary>
/// <param name="Step">The step.</param>
/// <param name="Reason">Why, and the way out, in a sentence.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record StepNotUndone(PlanStep Step, string Reason)
{
    /// <summary><c>1. description: reason</c>.</summary>
    public override string ToString() => $"{Step}: {Reason}";
}
