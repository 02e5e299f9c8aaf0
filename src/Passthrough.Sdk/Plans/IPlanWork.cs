using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Plans;

/// <summary>The part of a plan that depends on its kind: its subject, what its steps do, and how they are undone.</summary>
/// <remarks>One instance is created each time a plan is applied.</remarks>
internal interface IPlanWork
{
    /// <summary>The name of the plan's subject in messages: a domain, or a device.</summary>
    string Name { get; }

    /// <summary>The subject for which the guards are checked.</summary>
    PlanSubject Subject { get; }

    /// <summary>Creates the entry for the journal, with everything that is needed to undo the plan without this program.</summary>
    JournalEntry Describe(string id, DateTimeOffset now);

    /// <summary>Returns whether a step takes a device, so that the guards are checked again before it.</summary>
    bool Takes(PlanStep step);

    /// <summary>Adds the results of the finished steps to the entry.</summary>
    JournalEntry Mark(JournalEntry entry);

    /// <summary>Called once, after the first intent was written to the journal and before anything is done.</summary>
    void Begun(JournalEntry entry);

    /// <summary>Does one step and verifies its result.</summary>
    Task DoAsync(PlanStep step, CancellationToken cancellationToken);

    /// <summary>Returns whether something that a failed step requested may still happen, although everything was undone.</summary>
    bool MayStillHappen(PlanStep step, Exception error);

    /// <summary>Undoes every step that may have begun, the last first, and removes the entry if all are.</summary>
    /// <returns>The steps that could not be undone, with the reason.</returns>
    Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress);

    /// <summary>Called when every step is done and the entry was removed from the journal.</summary>
    void Done();
}
