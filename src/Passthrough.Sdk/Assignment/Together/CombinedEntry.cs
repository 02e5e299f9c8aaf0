using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Assignment.Together;

/// <summary>The journal entry of a plan for several domains.</summary>
internal static class CombinedEntry
{
    /// <summary>
    /// Undoes the part of each domain, the last one first; an error of one does not stop the others. A part that is undone leaves the entry, so that
    /// it is not undone once more when another part is recovered later. The entry is removed with its last part.
    /// </summary>
    /// <param name="journal">The journal, locked.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="undo">Undoes one part, which has begun as far as the whole plan has; returns the steps that could not be undone.</param>
    /// <param name="logger">The logger.</param>
    /// <returns>The steps that could not be undone, and the errors of parts of which no step was tried.</returns>
    public static async Task<(ValueList<StepNotUndone> NotUndone, ValueList<(JournalEntry Part, Exception Error)> Failed)> UndoAsync(
        PlanJournal journal, JournalEntry entry, Func<int, JournalEntry, Task<ValueList<StepNotUndone>>> undo, ILogger logger)
    {
        var (left, failed) = (new List<StepNotUndone>(), new List<(JournalEntry, Exception)>());
        for (var i = entry.Parts.Length - 1; i >= 0; i--)
        {
            var part = entry.Parts[i] with { Begun = entry.Begun, HasFailed = entry.HasFailed, Path = entry.Path };
            try
            {
                var notUndone = await undo(i, part).ConfigureAwait(false);
                left.AddRange(notUndone);
                if (notUndone.IsEmpty)
                {
                    entry = Leave(journal, entry, i);
                }
            }
#pragma warning disable CA1031 // The other domains must be undone whatever went wrong with this one, which is reported.
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.EntryNotRecovered(entry.File, e);
                failed.Add((part, e));
            }
        }

        return (left.ToValueList(), failed.ToValueList());
    }

    private static JournalEntry Leave(PlanJournal journal, JournalEntry entry, int index)
    {
        var rest = entry.Parts.RemoveAt(index);
        entry = entry with { Parts = rest, Devices = [.. rest.SelectMany(part => part.Devices)] };
        if (rest.IsEmpty)
        {
            journal.Remove(entry);
        }
        else
        {
            journal.Write(entry);
        }

        return entry;
    }
}
