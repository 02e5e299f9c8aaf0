using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Assignment.Together;

/// <summary>Recovers plans for several domains: the last domain first, each by itself, and the entry is removed when all are undone.</summary>
/// <param name="one">The recovery of one domain.</param>
internal sealed class CombinedRecovery(AssignmentRecovery one) : IEntryRecovery
{
    public bool Handles(JournalEntry entry) => !entry.PartsOrNone.IsEmpty;

    public async Task<PlanRecovery> RecoverAsync(PlanJournal journal, JournalEntry entry, PlanRecovery outcome)
    {
        var (left, notes, problems) = (new List<StepNotUndone>(), new List<string>(), new List<string>());
        foreach (var part in CombinedEntry.PartsOf(entry).Reverse())
        {
            try
            {
                var (notUndone, note) = await one.UndoAsync(part).ConfigureAwait(false);
                left.AddRange(notUndone);
                notes.AddRange(note is null || notes.Contains(note) ? [] : [note]);
            }
#pragma warning disable CA1031 // The other domains must be undone whatever went wrong with this one, which is reported.
            catch (Exception e)
#pragma warning restore CA1031
            {
                problems.Add($"{part.Domain}: {e.Message}");
            }
        }

        if (left.Count == 0 && problems.Count == 0)
        {
            journal.Remove(entry);
        }

        return outcome with
        {
            NotUndone = [.. left],
            Note = notes.Count == 0 ? null : string.Join("; ", notes),
            Problem = problems.Count == 0 ? null : $"{string.Join("; ", problems)}; fix the cause, then recover again",
        };
    }
}
