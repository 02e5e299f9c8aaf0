using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Assignment.Together;

/// <summary>Recovers plans for several domains: the last domain first, each by itself, and the entry is removed when all are undone.</summary>
/// <param name="one">The recovery of one domain.</param>
/// <param name="logger">The logger.</param>
internal sealed class CombinedRecovery(AssignmentRecovery one, ILogger logger) : IEntryRecovery
{
    public bool Handles(JournalEntry entry) => !entry.PartsOrNone.IsEmpty;

    public async Task<PlanRecovery> RecoverAsync(PlanJournal journal, JournalEntry entry, PlanRecovery outcome)
    {
        var notes = new List<string>();
        var (left, failed) = await CombinedEntry.UndoAsync(
            journal,
            entry,
            async (_, part) =>
            {
                var (notUndone, note) = await one.UndoAsync(part).ConfigureAwait(false);
                notes.AddRange(note is null || notes.Contains(note) ? [] : [note]);
                return notUndone;
            },
            logger).ConfigureAwait(false);
        return outcome with
        {
            NotUndone = left,
            Note = notes.Count == 0 ? null : string.Join("; ", notes),
            Problem = failed.IsEmpty ? null : $"{string.Join("; ", failed.Select(part => $"{part.Part.Domain}: {part.Error.Message}"))}; fix the cause, then recover again",
        };
    }
}
