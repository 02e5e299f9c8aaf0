using System.Collections.Immutable;

namespace Passthrough.Sdk.Assignment.Journal;

/// <summary>What the journal keeps of a plan that is being applied: enough to take it back without the program that began it.</summary>
internal sealed record JournalEntry
{
    /// <summary>Names the entry; also the file's name.</summary>
    public required string Id { get; init; }

    /// <summary>The hypervisor's URI (<c>virsh uri</c>).</summary>
    public required string Connection { get; init; }

    /// <summary>The domain's name.</summary>
    public required string Domain { get; init; }

    /// <summary>When the plan began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The devices as they were when the plan was made.</summary>
    public required ImmutableArray<AssignedDevice> Devices { get; init; }

    /// <summary>The domain's persistent definition before the first step; it may hold secrets, so the file is for its owner only.</summary>
    public required string DefinitionBefore { get; init; }

    /// <summary>The definition as the last finished step left it; null while none touched it.</summary>
    public string? DefinitionLeft { get; init; }

    /// <summary>The plan's steps.</summary>
    public required ImmutableArray<AssignmentStep> Steps { get; init; }

    /// <summary>How many steps may have changed something: those whose intent was written. They are undone from the last.</summary>
    public int Begun { get; init; }
}
