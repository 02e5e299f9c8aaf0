using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans;

/// <summary>The outcome of recovery for one entry of the journal: an unfinished plan, or a file that cannot be read.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PlanRecovery
{
    /// <summary>Gets the path of the entry's file.</summary>
    public required string JournalFile { get; init; }

    /// <summary>Gets the kind of the plan; null if the file cannot be read.</summary>
    public PlanKind? Kind { get; init; }

    /// <summary>Gets the domain of the plan; null if the plan concerns no domain or several, or the file cannot be read.</summary>
    public string? Domain { get; init; }

    /// <summary>Gets the domains of the plan; empty if the plan concerns no domain, or the file cannot be read.</summary>
    public ValueList<string> Domains { get; init; } = [];

    /// <summary>Gets the devices of the plan; empty if the file cannot be read.</summary>
    public ValueList<PciAddress> Devices { get; init; } = [];

    /// <summary>Gets the time when the plan began, UTC; null if the file cannot be read.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets the steps that could not be undone, each with its reason; empty if all were undone, or if <see cref="Problem"/> says why no step was tried.</summary>
    public ValueList<StepNotUndone> NotUndone { get; init; } = [];

    /// <summary>
    /// Gets the reason why the entry as a whole could not be undone, and what to do: for example, its file cannot be read, or its hypervisor cannot
    /// be opened. Null if each step was tried.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>Gets additional information about an entry that was settled, such as that the domain no longer exists; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// Gets whether everything is as it was before the plan or, if <see cref="Note"/> says so, the plan was completed. Otherwise the
    /// entry stays in the journal, or its file was moved to <c>unreadable/</c>.
    /// </summary>
    public bool IsComplete => NotUndone.IsEmpty && Problem is null;
}
