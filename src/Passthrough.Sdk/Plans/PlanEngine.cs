using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Telemetry;

namespace Passthrough.Sdk.Plans;

/// <summary>Applies plans of every kind: checks the guards again; for each step, writes the intent to the journal, does one thing and verifies it; undoes all steps if one fails.</summary>
internal sealed class PlanEngine(PlanOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Applies a plan; see <see cref="Plan.ApplyAsync"/>.</summary>
    public async Task ApplyAsync(Plan plan, IPlanWork work, IProgress<PlanProgress>? progress, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            throw Cancelled($"the plan for {work.Name} was cancelled before its first step; nothing was changed", cancellationToken);
        }

        if (plan.Steps.IsEmpty)
        {
            return;
        }

        progress = progress is null or SafeProgress ? progress : new SafeProgress(progress, plan.Steps.Count, time, logger);
        using var turn = await BeginAsync(work, cancellationToken).ConfigureAwait(false);
        var entry = work.Describe(Guid.CreateVersion7(time.GetUtcNow()).ToString(), time.GetUtcNow()) with
        {
            Kind = plan.Kind,
            Steps = [.. plan.Steps],
            Accepted = [.. options.Accepted.Order(StringComparer.Ordinal)],
        };
        foreach (var step in plan.Steps)
        {
            using var activity = PlanTelemetry.Begin(step);
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (step.Number > 1 && work.Takes(step))
                {
                    // The steps before may have lasted long, and this one takes the device.
                    await turn.AskGuardsAsync(cancellationToken).ConfigureAwait(false);
                }

                var begun = work.Mark(entry) with { Begun = step.Number };
                turn.Journal.Write(begun);
                if (entry.Begun == 0)
                {
                    work.Begun(begun);
                }

                entry = begun; // only now: a step whose intent is not on the disk has not begun
                logger.StepStarted(step.Number, step.Description);
                progress?.Report(new(step, PlanStepState.Started));
                await work.DoAsync(step, cancellationToken).ConfigureAwait(false);
                PlanTelemetry.Count(step, PlanStepState.Done);
                progress?.Report(new(step, PlanStepState.Done));
            }
            catch (Exception e)
            {
                logger.StepFailed(step.Number, step.Description, e);
                activity.Fail(e);
                PlanTelemetry.Count(step, PlanStepState.Failed);
                progress?.Report(new(step, PlanStepState.Failed, e));
                var pending = entry.Begun == step.Number && work.MayStillHappen(step, e);
                entry = MarkFailed(turn.Journal, entry);
                using var undo = PlanTelemetry.BeginUndo();
                var notUndone = await work.UndoAsync(turn.Journal, entry, progress).ConfigureAwait(false);
                if (e is OperationCanceledException && notUndone.IsEmpty)
                {
                    throw Cancelled($"the plan for {work.Name} was cancelled in step {step.Number} ({step.Description}); {PlanFailedException.TakenBack(step, pending)}", cancellationToken);
                }

                throw new PlanFailedException(step, e, notUndone, pending);
            }
        }

        // First the entry: a program that ends between the two leaves a record that nobody asks for, and not a release to take back
        // without its record.
        turn.Journal.Remove(entry);
        work.Done();
        logger.PlanApplied(work.Name, plan.Steps.Count);
    }

    // So that recovery does not take a step that comes to its end later for the end of the plan.
    private JournalEntry MarkFailed(PlanJournal journal, JournalEntry entry)
    {
        entry = entry with { HasFailed = true };
        try
        {
            if (entry.Begun > 0)
            {
                journal.Write(entry);
            }
        }
        catch (PassthroughException e)
        {
            logger.EntryNotMarked(entry.Id, e); // what was done must still be taken back
        }

        return entry;
    }

    private static OperationCanceledException Cancelled(string message, CancellationToken cancellationToken) => new(message, cancellationToken);

    private async Task<PlanTurn> BeginAsync(IPlanWork work, CancellationToken cancellationToken)
    {
        try
        {
            return await PlanTurn.BeginAsync(work.Subject, options, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw Cancelled($"the plan for {work.Name} was cancelled before its first step; nothing was changed", cancellationToken);
        }
    }
}
