using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Assignment.Journal;
using Passthrough.Sdk.Assignment.Steps;

namespace Passthrough.Sdk.Assignment;

/// <summary>Applies plans and takes them back: intent to the journal, one thing, verify, next.</summary>
internal sealed class AssignmentExecutor(
    IAssignmentDomain domain, DriverWatch drivers, AssignmentOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Applies a plan; see <see cref="AssignmentPlan.ApplyAsync"/>.</summary>
    public async Task ApplyAsync(AssignmentPlan plan, IProgress<AssignmentProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (plan.Steps.IsEmpty)
        {
            return;
        }

        using var journal = AssignmentJournal.Open(options.JournalDirectory);
        RefuseStale(plan);
        var entry = new JournalEntry
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Connection = plan.Connection,
            Domain = plan.Domain,
            StartedAt = time.GetUtcNow(),
            Devices = plan.Devices,
            DefinitionBefore = plan.DefinitionBefore,
            Steps = plan.Steps,
        };
        var trail = new DefinitionTrail(plan.DefinitionBefore, null);
        foreach (var step in plan.Steps)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                var begun = entry with { Begun = step.Number, DefinitionLeft = trail.Left };
                journal.Write(begun);
                entry = begun; // only now: a step whose intent is not on the disk has not begun
                logger.StepStarted(step.Number, step.Description);
                progress?.Report(new(step, AssignmentStepState.Started));
                await StepActions.For(step.Kind).ApplyAsync(ContextOf(entry, step, trail), cancellationToken).ConfigureAwait(false);
                progress?.Report(new(step, AssignmentStepState.Done));
            }
            catch (Exception e)
            {
                logger.StepFailed(step.Number, step.Description, e);
                progress?.Report(new(step, AssignmentStepState.Failed, e));
                var notUndone = await UndoAsync(journal, entry, trail, progress).ConfigureAwait(false);
                if (e is OperationCanceledException && notUndone.IsEmpty)
                {
                    throw;
                }

                throw new AssignmentFailedException(step, e, notUndone);
            }
        }

        journal.Remove(entry);
        logger.PlanApplied(plan.Domain, plan.Steps.Length);
    }

    /// <summary>Takes back what an entry says was begun, the last step first; goes on past a step that cannot be taken back.</summary>
    /// <returns>The steps that could not be taken back; then the entry stays in the journal.</returns>
    public async Task<ImmutableArray<AssignmentStep>> UndoAsync(
        AssignmentJournal journal, JournalEntry entry, DefinitionTrail trail, IProgress<AssignmentProgress>? progress)
    {
        var notUndone = ImmutableArray.CreateBuilder<AssignmentStep>();
        foreach (var step in entry.Steps.Where(step => step.Number <= entry.Begun).Reverse())
        {
            try
            {
                await StepActions.For(step.Kind).UndoAsync(ContextOf(entry, step, trail)).ConfigureAwait(false);
                logger.StepUndone(step.Number, step.Description);
                progress?.Report(new(step, AssignmentStepState.Undone));
            }
#pragma warning disable CA1031 // Whatever went wrong, the steps before must still be taken back; it is reported, not swallowed.
            catch (Exception e)
#pragma warning restore CA1031
            {
                notUndone.Add(step);
                logger.StepNotUndone(step.Number, step.Description, e);
                progress?.Report(new(step, AssignmentStepState.UndoFailed, e));
            }
        }

        if (notUndone.Count == 0)
        {
            journal.Remove(entry);
        }

        return notUndone.ToImmutable();
    }

    private StepContext ContextOf(JournalEntry entry, AssignmentStep step, DefinitionTrail trail) =>
        new(domain, entry.Devices.First(device => device.Address == step.Device), trail, drivers, options);

    private void RefuseStale(AssignmentPlan plan)
    {
        foreach (var device in plan.Devices)
        {
            var now = drivers.Read(device.Address);
            if (now != device.Driver)
            {
                throw new StalePlanException(
                    $"{device.Address} was on {device.Driver ?? "no driver"} when the plan was made and is on {now ?? "no driver"} now; make a new plan");
            }
        }

        if (domain.IsPersistent && domain.ReadDefinition() != plan.DefinitionBefore)
        {
            throw new StalePlanException($"the definition of {plan.Domain} has changed since the plan was made; make a new plan");
        }
    }
}
