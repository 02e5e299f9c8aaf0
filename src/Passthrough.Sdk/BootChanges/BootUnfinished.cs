using Passthrough.Sdk.BootChanges.History;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.BootChanges;

/// <summary>The unfinished plans for the boot configuration in the journal.</summary>
internal static class BootUnfinished
{
    /// <summary>Returns whether an entry blocks another plan for the boot configuration.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="history">The changes that were applied.</param>
    public static bool Blocks(JournalEntry entry, BootHistory history) => entry.Boot is not null && !IsSettled(entry, history);

    /// <summary>Removes the entries that changed nothing, or whose change is reverted; with the journal locked.</summary>
    public static void Settle(PlanJournal journal, BootHistory history)
    {
        foreach (var entry in journal.Read().Entries.Where(entry => entry.Boot is not null && IsSettled(entry, history)))
        {
            history.MarkReverted(entry.Boot!.Change);
            journal.Remove(entry);
        }
    }

    /// <summary>Returns whether nothing of a plan is left to undo: it ended before its first write, or after its change was reverted.</summary>
    public static bool IsSettled(JournalEntry entry, BootHistory history)
    {
        try
        {
            return history.Find(entry.Boot!.Change) is not { } change || change.Reverted || history.NeverBegan(change);
        }
        catch (PassthroughException)
        {
            // It is unknown: then the entry keeps blocking other plans, and recovery says why.
            return false;
        }
    }
}
