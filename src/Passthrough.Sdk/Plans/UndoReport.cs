using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Plans;

/// <summary>Collects what an undo of any kind of plan could not undo, and tells the log and the listener of every step.</summary>
/// <param name="logger">The log.</param>
/// <param name="progress">Receives the progress; null for none.</param>
internal sealed class UndoReport(ILogger logger, IProgress<PlanProgress>? progress)
{
    private readonly List<StepNotUndone> _notUndone = [];

    /// <summary>Gets the steps that could not be undone, with the reason.</summary>
    public IReadOnlyList<StepNotUndone> NotUndone => _notUndone;

    /// <summary>Gets whether everything could be undone so far.</summary>
    public bool IsClean => _notUndone.Count == 0;

    /// <summary>Runs a part of an undo. A failure is reported for the step, and the undo can continue.</summary>
    /// <returns>Whether it succeeded.</returns>
    public async Task<bool> TryAsync(PlanStep step, Func<Task> undo)
    {
        try
        {
            await undo().ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // Whatever went wrong, the other steps must still be undone; it is reported, not swallowed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failed(step, e);
            return false;
        }
    }

    /// <summary>Reports a step that was undone.</summary>
    public void Undone(PlanStep step)
    {
        logger.StepUndone(step.Number, step.Description);
        PlanTelemetry.Count(step, PlanStepState.Undone);
        progress?.Report(new(step, PlanStepState.Undone));
    }

    /// <summary>Reports a step that could not be undone.</summary>
    public void Failed(PlanStep step, Exception error)
    {
        _notUndone.Add(new(step, error.Message));
        logger.StepNotUndone(step.Number, step.Description, error);
        PlanTelemetry.Count(step, PlanStepState.UndoFailed);
        progress?.Report(new(step, PlanStepState.UndoFailed, error));
    }

    /// <summary>Adds a step that was not tried, for the reason of another one.</summary>
    public void NotTried(PlanStep step, string reason) => _notUndone.Add(new(step, reason));
}
