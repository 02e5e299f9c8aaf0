using System.Globalization;
using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Telemetry;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>Undoes every entry of the journal separately: one that cannot be undone does not stop the others.</summary>
/// <param name="journal">The journal, locked.</param>
/// <param name="kinds">The recovery for each kind of plan.</param>
/// <param name="logger">The logger.</param>
internal sealed class JournalRecovery(PlanJournal journal, ValueList<IEntryRecovery> kinds, ILogger logger)
{
    /// <summary>Processes the entries of the journal, the newest first.</summary>
    public async Task<ValueList<PlanRecovery>> RunAsync(CancellationToken cancellationToken)
    {
        using var activity = Signals.Activities.StartActivity("passthrough.recover");
        var outcomes = new List<PlanRecovery>();
        try
        {
            await RunAsync(outcomes, cancellationToken).ConfigureAwait(false);
            return outcomes.ToValueList();
        }
        catch (Exception e)
        {
            activity.Fail(e);
            throw;
        }
        finally
        {
            // Also of a recovery that was cancelled: what it reached before.
            activity?.SetTag(Tag.RecoveryEntries, outcomes.Count).SetTag(Tag.RecoveryLeft, outcomes.Count(outcome => !outcome.IsComplete));
        }
    }

    private async Task RunAsync(List<PlanRecovery> outcomes, CancellationToken cancellationToken)
    {
        var content = journal.Read();
        foreach (var entry in content.Entries)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(Describe(outcomes, content.Entries.Length), cancellationToken);
            }

            outcomes.Add(await RecoverAsync(entry).ConfigureAwait(false));
        }

        foreach (var unreadable in content.Unreadable)
        {
            outcomes.Add(new() { JournalFile = unreadable.Path, Problem = ProblemOf(unreadable) });
        }
    }

    private async Task<PlanRecovery> RecoverAsync(JournalEntry entry)
    {
        var outcome = new PlanRecovery
        {
            JournalFile = entry.Path,
            Kind = entry.Kind,
            Domain = entry.Domain.Length > 0 ? entry.Domain : null,
            Domains = entry.Domain.Length > 0 ? [entry.Domain] : [.. entry.PartsOrNone.Select(part => part.Domain)],
            Devices = [.. entry.Devices.Select(device => device.Address)],
            StartedAt = entry.StartedAt,
        };
        try
        {
            return await kinds.First(kind => kind.Handles(entry)).RecoverAsync(journal, entry, outcome).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever went wrong with one entry, the others must still be taken back; it is reported.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.EntryNotRecovered(entry.Path, e);
            return outcome with { Problem = $"{e.Message}; fix the cause, then recover again" };
        }
    }

    private static string Describe(List<PlanRecovery> outcomes, int count) => outcomes.Count == 0
        ? "recovery was cancelled before the first unfinished plan; nothing was changed"
        : string.Create(CultureInfo.InvariantCulture, $"recovery was cancelled after {outcomes.Count} of {count} unfinished plans (")
            + string.Join("; ", outcomes.Select(outcome => $"{outcome.JournalFile} is {(outcome.IsComplete ? "undone" : "not undone")}"))
            + "); the others were not touched: recover again";

    private string ProblemOf(UnreadableEntry unreadable)
    {
        if (unreadable.IsNewer)
        {
            return $"{unreadable.Reason}; recover with that version";
        }

        if (!unreadable.IsBroken)
        {
            return $"it cannot be read: {unreadable.Reason}; run as root";
        }

        try
        {
            return $"{unreadable.Reason}; it is kept as {journal.MoveAside(unreadable)}. Its plan is unknown: "
                + "compare the definitions of the domains (virsh dumpxml --inactive) and the drivers of the devices (lspci -nnk) with what they should be, then delete that file";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{unreadable.Reason}; it cannot be renamed either ({e.Message}): check it, then delete it by hand";
        }
    }
}
