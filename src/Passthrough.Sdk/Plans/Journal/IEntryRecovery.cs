namespace Passthrough.Sdk.Plans.Journal;

/// <summary>Recovers the journal's entries of one kind of plan.</summary>
internal interface IEntryRecovery
{
    /// <summary>Returns whether an entry is of this kind.</summary>
    bool Handles(JournalEntry entry);

    /// <summary>Undoes an entry, or leaves it and returns the reason. An exception is the reason why the entry as a whole could not be undone.</summary>
    /// <param name="journal">The journal, locked.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="outcome">The outcome so far.</param>
    /// <returns>The outcome.</returns>
    Task<PlanRecovery> RecoverAsync(PlanJournal journal, JournalEntry entry, PlanRecovery outcome);
}
