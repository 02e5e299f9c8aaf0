using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>Recovers plans that are made of changes.</summary>
internal sealed class ChangeRecovery(ChangeSteps steps, ChangeContext context, ILogger logger) : IEntryRecovery
{
    public bool Handles(JournalEntry entry) => !entry.Changes.IsDefaultOrEmpty;

    public async Task<PlanRecovery> RecoverAsync(PlanJournal journal, JournalEntry entry, PlanRecovery outcome)
    {
        var undo = new ChangeUndo(steps, context, logger);
        return outcome with
        {
            Note = !undo.IsOfEarlierBoot(entry) ? null
                : entry.Changes.Any(change => steps.For(change.Kind).OutlivesBoot)
                    ? "the host was rebooted after the plan began; changes of files were undone, and if they took effect at this boot, that stays until the next one"
                    : "the host was rebooted after the plan began, so the kernel had already forgotten what it changed",
            NotUndone = await undo.UndoAsync(journal, entry, progress: null).ConfigureAwait(false),
        };
    }
}
