using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans;

/// <summary>The exception that is thrown when a saved plan cannot be read, or does not match the host or the situation for which it was reviewed. Nothing was changed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class SavedPlanException : PassthroughException
{
    internal SavedPlanException(SavedPlanProblem problem, string message, Exception? cause = null)
        : base(message, cause) => Problem = problem;

    /// <summary>Gets the reason why the saved plan was refused.</summary>
    public SavedPlanProblem Problem { get; }
}
