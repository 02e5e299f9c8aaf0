using System.Collections.Immutable;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Plans;

/// <summary>What one kind of plan brings to the engine: whom it is about, what its steps do, and how they are undone.</summary>
/// <remarks>One is made for each time a plan is applied.</remarks>
internal interface IPlanWork
{
    /// <summary>Names what the plan is for in messages: a domain, or a device.</summary>
    string Name { get; }

    /// <summary>What the guards are asked about, and how.</summary>
    PlanSubject Subject { get; }

    /// <summary>Makes the entry that the journal gets: enough to take the plan back without this program.</summary>
    JournalEntry Describe(string id, DateTimeOffset now);

    /// <summary>Whether a step takes a device, so that the guards are asked again before it.</summary>
    bool Takes(PlanStep step);

    /// <summary>Adds to the entry what the steps so far have left.</summary>
    JournalEntry Mark(JournalEntry entry);

    /// <summary>Called once, when the first intent is in the journal and nothing was done yet.</summary>
    void Begun(JournalEntry entry);

    /// <summary>Does one step and verifies that it happened.</summary>
    Task DoAsync(PlanStep step, CancellationToken cancellationToken);

    /// <summary>Whether something that a failed step asked for may still happen, although everything is undone.</summary>
    bool MayStillHappen(PlanStep step, Exception error);

    /// <summary>Undoes every step that may have begun, the last first, and removes the entry if all are.</summary>
    /// <returns>The steps that could not be undone, with the reason.</returns>
    Task<ImmutableArray<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress);

    /// <summary>Called when every step is done and the entry has left the journal.</summary>
    void Done();
}
