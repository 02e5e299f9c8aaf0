using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans;

/// <summary>A saved plan cannot be read, or is not applied: it was reviewed for another host or another situation. Nothing was changed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class SavedPlanException : PassthroughException
{
    internal SavedPlanException(SavedPlanProblem problem, string message, Exception? cause = null)
        : base(message, cause) => Problem = problem;

    /// <summary>Why it is not taken.</summary>
    public SavedPlanProblem Problem { get; }
}
