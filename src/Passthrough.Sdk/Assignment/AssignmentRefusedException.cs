using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>A guard refused a plan: applying it could not work or would do harm. Nothing was changed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class AssignmentRefusedException : PassthroughException
{
    internal AssignmentRefusedException(ImmutableArray<Finding> findings)
        : base($"{findings[0].Title}; {findings[0].Remedy}") => Findings = findings;

    /// <summary>Why, the root cause first. Never empty.</summary>
    public ImmutableArray<Finding> Findings { get; }
}
