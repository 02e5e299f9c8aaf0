using System.Collections.Immutable;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>What a plan for a desired state consists of.</summary>
internal sealed record PlanDocumentState
{
    /// <summary>The parts in their order; the steps of the plan are theirs.</summary>
    public required ImmutableArray<PlanDocumentPart> Parts { get; init; }

    /// <summary>What is planned later.</summary>
    public required ImmutableArray<PlanDocumentDeferral> Deferred { get; init; }

    /// <summary>What takes effect with the next boot.</summary>
    public required ImmutableArray<string> AwaitsReboot { get; init; }
}
