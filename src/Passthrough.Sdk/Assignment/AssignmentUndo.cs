using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Assignment;

/// <summary>Undoes plans: every step that may have begun, the last first; then checks every device in the kernel's files.</summary>
internal sealed class AssignmentUndo(
    DomainCalls domain, DriverWatch drivers, BindingRecords records, PlanOptions options, ILogger logger)
{
    /// <summary>Undoes the steps that an entry marks as begun; continues after a step that cannot be undone.</summary>
    /// <returns>The steps that could not be undone, with the reason; then the entry stays in the journal.</returns>
    public async Task<ValueList<StepNotUndone>> UndoAsync(
        PlanJournal journal, JournalEntry entry, DefinitionTrail trail, IProgress<PlanProgress>? progress)
    {
        var left = await UndoStepsAsync(entry, trail, progress).ConfigureAwait(false);
        if (left.IsEmpty)
        {
            journal.Remove(entry);
        }

        return left;
    }

    /// <summary>Does the same, and leaves the entry in the journal.</summary>
    public async Task<ValueList<StepNotUndone>> UndoStepsAsync(JournalEntry entry, DefinitionTrail trail, IProgress<PlanProgress>? progress)
    {
        var report = new UndoReport(logger, progress);
        var begun = entry.Steps.Where(step => step.Number <= entry.Begun).Reverse().ToList();
        if (begun.Count > 0 && !await report.TryAsync(begun[0], () => domain.RunAsync(
            $"finish the pending calls for {domain.Name}",
            d => d.WaitForEarlierChanges(),
            CancellationToken.None)).ConfigureAwait(false))
        {
            // None of them was tried, for this reason.
            var reason = report.NotUndone[0].Reason;
            foreach (var step in begun.Skip(1))
            {
                report.NotTried(step, reason);
            }
        }

        // A write to the kernel that exceeded its deadline may take effect after whatever is undone now.
        if (report.IsClean && begun.Count > 0 && await drivers.SettleAsync(options.UndoTimeout).ConfigureAwait(false) is { } pending)
        {
            begun.ForEach(step => report.NotTried(step, pending));
        }

        if (report.IsClean)
        {
            foreach (var step in begun)
            {
                if (await report.TryAsync(step, () => UndoAsync(entry, step, trail)).ConfigureAwait(false))
                {
                    report.Undone(step);
                }
            }

            foreach (var steps in begun.GroupBy(step => step.Device).Where(steps => !report.NotUndone.Any(failed => failed.Step.Device == steps.Key)).ToList())
            {
                // The step that changes the host speaks for the device.
                var step = steps.OrderBy(step => AssignmentSteps.For(step).ChangesDefinitionOnly).First();
                await report.TryAsync(step, () => VerifyAsync(entry, ContextOf(entry, step, trail), [.. steps])).ConfigureAwait(false);
            }
        }

        if (report.IsClean)
        {
            ForgetRecords(records, entry);
        }

        return [.. report.NotUndone];
    }

    /// <summary>Takes back what a plan that is undone wrote about the previous drivers of its devices.</summary>
    public static void ForgetRecords(BindingRecords records, JournalEntry entry)
    {
        foreach (var device in entry.Devices)
        {
            records.ForgetOf(device.Address, entry.Domain, entry.Id);
            records.MarkKept(device.Address, entry.Domain, entry.Id);
            records.MarkNotTaken(device.Address, entry.Domain, entry.Id);
        }
    }

    // The definition is undone whenever the plan began. Drivers and guests begin afresh with each boot: what the host does with
    // the device now is no work of this plan.
    private Task UndoAsync(JournalEntry entry, PlanStep step, DefinitionTrail trail)
    {
        var undo = AssignmentSteps.For(step);
        var device = DeviceOf(entry, step);
        if (!(undo.ChangesDefinitionOnly && undo.GivesToDomain)) // what names the address is removed from the definition, whatever is there
        {
            RefuseAnother(entry, device);
        }

        return undo.ChangesDefinitionOnly
            ? undo.UndoAsync(ContextOf(entry, step, trail))
            : records.IsOfThisBoot(entry.BootId) switch
            {
                true => undo.UndoAsync(ContextOf(entry, step, trail)),
                false => Task.CompletedTask,
                null => throw new PassthroughException(
                    $"cannot tell whether the plan began before the last reboot: {(entry.BootId is null ? $"{entry.File} contains no boot id" : "/proc/sys/kernel/random/boot_id cannot be read")}; "
                    + $"set the driver of {device} by hand (virsh nodedev-reattach {device.NodeDeviceName}), then delete {entry.File}"),
            };
    }

    // After cards were moved, added or taken out another device can stand at the address: the plan was not about it.
    private void RefuseAnother(JournalEntry entry, PciAddress device)
    {
        var then = entry.Identities.IsDefault ? null : entry.Identities.FirstOrDefault(known => known.Address == device)?.Identity;
        if (then is not null && drivers.IsThere(device) && records.IdentityOf(device) is var now && now != then)
        {
            throw new PassthroughException(
                $"the device at {device} is not the one that was there when the plan began ({now} now, {then} then: vendor, device, subsystem, class), so it was left unchanged. "
                + $"Compare the definition of {domain.Name} (virsh dumpxml --inactive) with what it should be, then delete {entry.File}");
        }
    }

    /// <summary>Restores the previous driver and override of a device whose steps were all undone, and verifies both.</summary>
    private async Task VerifyAsync(JournalEntry entry, StepContext context, ValueList<PlanStep> steps)
    {
        var device = context.Device;
        var before = new HostBinding(device.Driver, device.DriverOverride);
        var begun = steps.Select(AssignmentSteps.For).ToList();
        if (steps.Any(step => ChangesDevice(entry, step)))
        {
            await context.Definition.VerifyAsync(domain, device.Address).ConfigureAwait(false);
        }

        RefuseAnother(entry, device.Address);
        var wasLive = !entry.LiveBefore.IsDefault && entry.LiveBefore.Contains(device.Address);
        var wasInGuest = begun.Exists(step => step.TakesFromGuest);
        if (await domain.HasLiveAsync(device.Address, CancellationToken.None).ConfigureAwait(false))
        {
            if (!wasInGuest && !wasLive && begun.Exists(step => step.GivesToDomain))
            {
                throw new PassthroughException(
                    $"the running {domain.Name} owns {device.Address}, because it was started in the meantime; shut it down, then recover again");
            }
        }
        else if (records.IsOfThisBoot(entry.BootId) != true)
        {
            // The host's side began afresh with the boot.
        }
        else if (wasInGuest)
        {
            // The guest has ended meanwhile, or the device went by itself: the host gets it as it was before the assignment.
            if (device.ReturnTo is { } original)
            {
                await HostState.RestoreAsync(context, original, CancellationToken.None).ConfigureAwait(false);
            }
            else if (entry.Steps.Any(step => AssignmentSteps.For(step) is ReturnToHost && step.Device == device.Address))
            {
                await ReturnToHost.ReturnUnrecordedAsync(context, CancellationToken.None).ConfigureAwait(false);
            }
        }
        else if (wasLive)
        {
            // The guest has ended meanwhile. What the device was bound to when the plan began was the guest's, not the host's.
        }
        else if (begun.Exists(step => step.ChangesDriver))
        {
            await HostState.RestoreAsync(context, before, CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            await HostState.RestoreClearedOverrideAsync(context, before, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static PciAddress DeviceOf(JournalEntry entry, PlanStep step) =>
        step.Device ?? throw new PassthroughException($"step {step.Number} of {entry.File} does not name its device, so its effect is unknown; check the devices of the other steps, then delete {entry.File}");

    private static bool ChangesDevice(JournalEntry entry, PlanStep step) => AssignmentSteps.For(step) switch
    {
        AddToDefinition => step.Device is { } device && !AddToDefinition.WasThere(entry.DefinitionBefore, device),
        RemoveFromDefinition => true,
        _ => false, // ports
    };

    private StepContext ContextOf(JournalEntry entry, PlanStep step, DefinitionTrail trail) =>
        new(domain, entry.Devices.First(device => device.Address == step.Device), trail, drivers, options)
        {
            GroupMates = () => MatesOf(entry, DeviceOf(entry, step)),
            Begun = [.. entry.Steps.Where(each => each.Number <= entry.Begun && ChangesDevice(entry, each)).Select(each => each.Device).OfType<PciAddress>()],
            Controllers = entry.Controllers.IsDefaultOrEmpty ? [] : [.. entry.Controllers.Select(PciController.Parse)],
        };

    private ValueList<AssignedDevice> MatesOf(JournalEntry entry, PciAddress device)
    {
        var group = drivers.GroupOf(device);
        ValueList<AssignedDevice> mates = [.. entry.Devices.Where(other => other.Address != device && group.Contains(other.Address))];
        foreach (var mate in mates)
        {
            RefuseAnother(entry, mate.Address);
        }

        return mates;
    }
}
