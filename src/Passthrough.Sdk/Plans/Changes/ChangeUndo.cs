using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>Undoes the changes of an entry: every step that may have begun, the last first; continues after one that cannot be undone.</summary>
internal sealed class ChangeUndo(ChangeSteps steps, ChangeContext context, ILogger logger)
{
    private readonly HostMarks _marks = new(context.Sysfs);

    /// <summary>Undoes an entry and removes it from the journal if everything is undone.</summary>
    /// <returns>The steps that could not be undone, with the reason.</returns>
    public async Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress)
    {
        var report = new UndoReport(logger, progress);
        var begun = entry.Steps.Where(step => step.Number <= entry.Begun).Reverse().ToList();

        // A write that exceeded its deadline may take effect after whatever is undone now.
        if (begun.Count > 0 && await context.Sysfs.SettleAsync(context.Options.UndoTimeout, context.Time).ConfigureAwait(false) is { } pending)
        {
            foreach (var step in begun)
            {
                report.Failed(step, new PassthroughException(pending));
            }

            return [.. report.NotUndone];
        }

        foreach (var step in begun)
        {
            if (await report.TryAsync(step, () => UndoAsync(entry, ChangeOf(entry, step))).ConfigureAwait(false))
            {
                report.Undone(step);
            }
        }

        if (report.IsClean)
        {
            journal.Remove(entry);
        }

        return [.. report.NotUndone];
    }

    /// <summary>Returns whether the host was rebooted after the plan began, so that only changes of files were left to undo.</summary>
    public bool IsOfEarlierBoot(JournalEntry entry) => _marks.IsOfThisBoot(entry.BootId) == false;

    private Task UndoAsync(JournalEntry entry, HostChange change)
    {
        var step = steps.For(change.Kind);
        if (!step.OutlivesBoot)
        {
            switch (_marks.IsOfThisBoot(entry.BootId))
            {
                case false:
                    return Task.CompletedTask;
                case null:
                    throw new PassthroughException(
                        $"cannot tell whether the plan began before the last reboot: {(entry.BootId is { Length: > 0 } ? "/proc/sys/kernel/random/boot_id cannot be read" : $"{entry.File} contains no boot id")}; "
                        + $"check {change.Device?.ToString() ?? change.Name} by hand, then delete {entry.File}");
            }

            RefuseAnother(entry, change);
        }

        return step.UndoAsync(change, context with { EntryId = entry.Id });
    }

    // After cards were moved, added or taken out another device can stand at the address: the plan was not about it.
    private void RefuseAnother(JournalEntry entry, HostChange change)
    {
        if (change.Device is not { } device || entry.Identities.FirstOrDefault(known => known.Address == device)?.Identity is not { } then)
        {
            return;
        }

        if (_marks.IdentityOf(device) is var now && now != then && now != HostMarks.NoDevice)
        {
            throw new PassthroughException(
                $"the device at {device} is not the one that was there when the plan began ({now} now, {then} then: vendor, device, subsystem, class), so it was left unchanged; check it, then delete {entry.File}");
        }
    }

    private static HostChange ChangeOf(JournalEntry entry, PlanStep step) => step.Number <= entry.Changes.Length
        ? entry.Changes[step.Number - 1]
        : throw new PassthroughException($"{entry.File} does not contain the change of step {step.Number}, so its effect is unknown; check the devices of the plan, then delete the file");
}
