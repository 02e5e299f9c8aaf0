using System.Globalization;
using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Undoes plans for virtual functions: restores the previous number and settings. It checks the state before it writes, so it is also correct after a crash.</summary>
/// <param name="sysfs">The kernel's files.</param>
/// <param name="writer">Writes the number; in the program that applies the plan, the one that does its steps.</param>
/// <param name="settings">Makes settings, likewise.</param>
/// <param name="judgeRestored">
/// Checks the guards of the undo if it removes functions. If it is null, functions that exist stay, and the entry too, because they may already be in use.
/// </param>
/// <param name="options">Time-outs and accepted findings.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger.</param>
/// <param name="isRecovery">Whether another program began the plan: then a plan whose last step is done is complete.</param>
internal sealed class VirtualFunctionUndo(
    ISysfs sysfs, VirtualFunctionWriter writer, VirtualFunctionSettingWriter settings, Func<JournalEntry, ValueList<Finding>>? judgeRestored, PlanOptions options, TimeProvider time, ILogger logger,
    bool isRecovery = false)
{
    private readonly HostMarks _marks = new(sysfs);
    private readonly DriverProbing _probing = new(sysfs);

    /// <summary>Undoes the steps that an entry marks as begun.</summary>
    /// <param name="journal">The journal, from which the entry is removed if everything is undone.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="progress">Receives the progress; null for none.</param>
    public async Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress)
    {
        var report = new UndoReport(logger, progress);
        var begun = entry.Steps.Where(step => step.Number <= entry.Begun).Reverse().ToList();
        try
        {
            if (begun.Count > 0)
            {
                await RestoreAsync(entry).ConfigureAwait(false);
            }

            journal.Remove(entry);
        }
#pragma warning disable CA1031 // Whatever went wrong, it is reported, not swallowed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            begun.ForEach(step => report.Failed(step, e));
            return [.. report.NotUndone];
        }

        begun.ForEach(report.Undone);
        return [];
    }

    /// <summary>Returns additional information about an entry that was settled; null for none.</summary>
    public string? NoteOf(JournalEntry entry) => _marks.IsOfThisBoot(entry.BootId) switch
    {
        false => $"the host was rebooted after the plan began; the virtual functions of {entry.VirtualFunctions!.PhysicalFunction} were left unchanged",
        true when IsDone(entry) => $"the plan had been completed; {entry.VirtualFunctions!.PhysicalFunction} keeps its {entry.VirtualFunctions.Count} virtual functions",
        _ => null,
    };

    // A program that was killed after its last write: what it made may be in use now.
    private bool IsDone(JournalEntry entry) =>
        isRecovery && !entry.HasFailed && entry.Begun == entry.Steps.Length && IsSameDevice(entry) && entry.VirtualFunctions is { } change
        && writer.ReadCount(change.PhysicalFunction) == change.Count
        && (change.Probes is null || _probing.Read(change.PhysicalFunction) == change.Probes)
        && change.Settings.All(setting => settings.Read(change.PhysicalFunction, setting.Index, setting.Setting) == setting.After);

    private bool IsSameDevice(JournalEntry entry) =>
        entry.Identities.FirstOrDefault()?.Identity is not { } then || _marks.IdentityOf(entry.VirtualFunctions!.PhysicalFunction) == then;

    // Not to be cancelled: it undoes what was done.
    private async Task RestoreAsync(JournalEntry entry)
    {
        var (function, before, _) = entry.VirtualFunctions!;
        switch (_marks.IsOfThisBoot(entry.BootId))
        {
            case false:
                return; // a boot begins without virtual functions
            case null:
                throw new PassthroughException(
                    $"cannot tell whether the plan began before the last reboot: /proc/sys/kernel/random/boot_id cannot be read, or the entry contains no boot id; set the virtual functions of {function} by hand, then delete {entry.File}");
        }

        if (!IsSameDevice(entry))
        {
            throw new PassthroughException(
                $"the device at {function} was removed or replaced after the plan began ({_marks.IdentityOf(function)} now, {entry.Identities[0].Identity} then: vendor, device, subsystem, class), so it was left unchanged; if this change is intended, delete {entry.File}");
        }

        await writer.SettleAsync(function, options.UndoTimeout).ConfigureAwait(false);
        await settings.SettleAsync(function, options.UndoTimeout).ConfigureAwait(false);
        if (IsDone(entry))
        {
            return;
        }

        var now = writer.ReadCount(function);
        if (now != before && now != 0)
        {
            await RemoveAsync(entry, now).ConfigureAwait(false);
        }

        // Before the functions are created again, because it counts then.
        RestoreProbing(entry);
        if (now != before && before != 0)
        {
            await writer.SetAsync(function, before, options.VirtualFunctionTimeout, CancellationToken.None).ConfigureAwait(false);
        }

        await RestoreSettingsAsync(entry).ConfigureAwait(false);
    }

    private void RestoreProbing(JournalEntry entry)
    {
        var change = entry.VirtualFunctions!;
        if (change.Probes is null || change.ProbesBefore == _probing.Read(change.PhysicalFunction))
        {
            return;
        }

        _probing.Set(
            change.PhysicalFunction,
            change.ProbesBefore ?? throw new PassthroughException(
                $"it is unknown whether the host bound its drivers to virtual functions of {change.PhysicalFunction} before the plan; write 0 or 1 to sriov_drivers_autoprobe, then delete {entry.File}"));
    }

    private async Task RestoreSettingsAsync(JournalEntry entry)
    {
        var change = entry.VirtualFunctions!;
        if (change.Before != change.Count)
        {
            // Those of functions that the plan made went with them.
            foreach (var kept in change.SettingsBefore)
            {
                await settings.SetAsync(change.PhysicalFunction, new(kept.Index, kept.Setting, kept.Before!), options.VirtualFunctionTimeout, CancellationToken.None).ConfigureAwait(false);
            }

            return;
        }

        foreach (var setting in change.Settings.Take(Math.Max(0, entry.Begun - (entry.Steps.Length - change.Settings.Length))).Reverse())
        {
            var now = settings.Read(change.PhysicalFunction, setting.Index, setting.Setting);
            if (now is not null && now == setting.Before)
            {
                continue;
            }

            if (setting.Before is null || now != setting.After)
            {
                throw new PassthroughException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"the setting {setting.Setting} of virtual function {setting.Index} of {change.PhysicalFunction} is {now ?? "unknown"} now; it was {setting.Before ?? "unknown"} before the plan, which set it to {setting.After}, so it was left unchanged; set the value that you want, then delete {entry.File}"));
            }

            await settings.SetAsync(change.PhysicalFunction, new(setting.Index, setting.Setting, setting.Before), options.VirtualFunctionTimeout, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(JournalEntry entry, int now)
    {
        var (function, before, count) = entry.VirtualFunctions!;
        if (now != count)
        {
            throw new PassthroughException(string.Create(
                CultureInfo.InvariantCulture,
                $"{function} has {now} virtual functions, which this plan did not create ({before} before, {count} requested); another program changed the number, so it was left unchanged; set the number that you want, then delete {entry.File}"));
        }

        if (judgeRestored is null)
        {
            throw new PassthroughException(string.Create(
                CultureInfo.InvariantCulture, $"{function} has {now} virtual functions now and had {before} before; they may already be in use, so only recovery removes them, after it has checked the guards"));
        }

        var findings = await Offload.Run(() => judgeRestored(entry), CancellationToken.None).WaitAsync(options.LibvirtTimeout, time).ConfigureAwait(false);
        var refusing = PlanGuards.Refusing(findings, options.Accepted);
        if (!refusing.IsEmpty)
        {
            throw new PassthroughException(
                string.Create(CultureInfo.InvariantCulture, $"{function} has {now} virtual functions and had {before} before; they were not removed: ")
                + PlanGuards.Describe(refusing));
        }

        await writer.SetAsync(function, 0, options.VirtualFunctionTimeout, CancellationToken.None).ConfigureAwait(false);
    }
}
