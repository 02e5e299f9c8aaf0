using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness;

/// <summary>A verdict on facts: what is wrong, how one can tell, and what mends it.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record Finding
{
    /// <summary>Stable id, <c>area.problem</c>; see <see cref="FindingIds"/> and docs/findings.md.</summary>
    public required string Id { get; init; }

    /// <summary>How much it matters.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>One sentence that names the thing and what is wrong with it.</summary>
    public required string Title { get; init; }

    /// <summary>The facts it rests on. Never empty for a finding that is not <see cref="IsUndetermined"/>.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>What to do about it, in words that fit this host.</summary>
    public required string Remedy { get; init; }

    /// <summary>Whether the facts were not enough to tell: the finding says which file or permission is missing.</summary>
    public bool IsUndetermined { get; init; }

    /// <summary>
    /// Findings that this one explains, or that matter only once it is mended. They are <see cref="FindingSeverity.Info"/>
    /// here, whatever they would be by themselves: one thing is wrong, and it is counted once.
    /// </summary>
    public ImmutableArray<Finding> Consequences { get; init; } = [];

    /// <summary>The finding as it stands below the one that explains it.</summary>
    internal Finding AsConsequence() => this with { Severity = FindingSeverity.Info };

    /// <summary><c>severity: title [id]</c>.</summary>
    public override string ToString() => $"{Severity.ToString().ToLowerInvariant()}: {Title} [{Id}]";
}
