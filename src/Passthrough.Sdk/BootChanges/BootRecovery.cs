using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.BootChanges.History;
using Passthrough.Sdk.BootChanges.Steps;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.BootChanges;

/// <summary>
/// Recovers plans for the boot configuration: a change that did not finish is undone, and a change that was being reverted is
/// reverted to the end. Both restore every file to its content before the change. Files survive a reboot, so the boot in which the plan began does not matter.
/// </summary>
internal sealed class BootRecovery(BootFiles files, BootHistory history, RunBootCommand commands, ILogger logger) : IEntryRecovery
{
    public bool Handles(JournalEntry entry) => entry.Boot is not null;

    public async Task<PlanRecovery> RecoverAsync(PlanJournal journal, JournalEntry entry, PlanRecovery outcome)
    {
        var boot = entry.Boot!;
        if (history.Find(boot.Change) is not { } change || change.Reverted || history.NeverBegan(change))
        {
            history.MarkReverted(boot.Change);
            journal.Remove(entry);
            return outcome with { Note = "no boot file has been changed" };
        }

        var isRevert = entry.Kind == PlanKind.RevertBoot;
        var steps = entry.Steps.Where(step => isRevert || step.Number <= entry.Begun).Reverse().ToList();
        var restores = steps
            .Where(step => step.Number <= boot.Files.Length)
            .Select(step => (Step: step, File: change.Files.First(file => file.Path == boot.Files[step.Number - 1])))
            .Select(pair => new BootRestore(pair.Step, pair.File.Path, pair.File.Before, pair.File.After, () => history.ReadBackup(boot.Change, pair.File)));
        var notUndone = await new BootUndo(files, commands, logger).RunAsync(
            [.. restores],
            [.. steps.Where(step => step.Number > boot.Files.Length)],
            BootHistory.CommandsOf(change.UndoCommands, "makes the restored files take effect"),
            () =>
            {
                history.MarkReverted(boot.Change);
                journal.Remove(entry);
            },
            entry.Steps[0],
            progress: null).ConfigureAwait(false);
        return outcome with { NotUndone = notUndone, Note = notUndone.IsEmpty && isRevert ? "the revert that had been interrupted was completed" : null };
    }
}
