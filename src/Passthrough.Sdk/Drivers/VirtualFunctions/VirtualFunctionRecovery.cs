using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Recovers plans for virtual functions.</summary>
/// <param name="sysfs">The kernel's files.</param>
/// <param name="judgeRestored">Checks the guards of the undo if it removes functions.</param>
/// <param name="options">Time-outs and accepted findings.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger.</param>
internal sealed class VirtualFunctionRecovery(
    ISysfs sysfs, Func<JournalEntry, ValueList<Finding>> judgeRestored, PlanOptions options, TimeProvider time, ILogger logger) : IEntryRecovery
{
    public bool Handles(JournalEntry entry) => entry.VirtualFunctions is not null;

    public async Task<PlanRecovery> RecoverAsync(PlanJournal journal, JournalEntry entry, PlanRecovery outcome)
    {
        var undo = new VirtualFunctionUndo(sysfs, new(sysfs, time), new(sysfs, time), judgeRestored, options, time, logger, isRecovery: true);
        var note = undo.NoteOf(entry);
        return outcome with { NotUndone = await undo.UndoAsync(journal, entry, progress: null).ConfigureAwait(false), Note = note };
    }
}
