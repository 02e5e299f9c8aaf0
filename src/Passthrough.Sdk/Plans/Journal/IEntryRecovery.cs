namespace Passthrough.Sdk.Plans.Journal;

/// <summary>Recovers the journal's entries of one kind of plan.</summary>
internal interface IEntryRecovery
{
    /// <summary>Whether an entry is of this kind.</summary>
    bool Handles(JournalEntry entry);

    /// <summary>Takes an entry back, or leaves it with the reason; what it throws is the reason why the entry as a whole could not be undone.</summary>
    /// <param name="journal">The journal, locked.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="outcome">What is known of it.</param>
    /// <returns>The outcome.</returns>
    Task<PlanRecovery> RecoverAsync(PlanJournal journal, JournalEntry entry, PlanRecovery outcome);
}
