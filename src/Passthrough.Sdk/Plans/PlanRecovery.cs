using System.Collections.Immutable;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans;

/// <summary>The outcome of recovery for one entry in the journal: a plan that did not finish, or a file that cannot be read.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PlanRecovery
{
    /// <summary>The entry's file.</summary>
    public required string JournalFile { get; init; }

    /// <summary>The kind of the plan; null where the file cannot be read.</summary>
    public PlanKind? Kind { get; init; }

    /// <summary>The domain of the plan; null where the plan is about none, or the file cannot be read.</summary>
    public string? Domain { get; init; }

    /// <summary>The devices of the plan; empty where the file cannot be read.</summary>
    public ImmutableArray<PciAddress> Devices { get; init; } = [];

    /// <summary>When the plan began, UTC; null where the file cannot be read.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The steps that could not be taken back, each with its reason; empty where all were, or where <see cref="Problem"/> says why none was tried.</summary>
    public ImmutableArray<StepNotUndone> NotUndone { get; init; } = [];

    /// <summary>
    /// Why the entry as a whole could not be taken back, and the way out: its file cannot be read, or its hypervisor cannot be
    /// opened. Null where each step was tried.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>What is worth knowing although it is settled, such as a domain that does not exist any more; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// Whether everything is as it was before the plan, or, where <see cref="Note"/> says so, the plan was finished. Otherwise the entry stays in the journal, or its file was moved aside.
    /// </summary>
    public bool IsComplete => NotUndone.IsEmpty && Problem is null;
}
