using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.BootChanges.History;
using Passthrough.Sdk.BootChanges.Steps;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.BootChanges;

/// <summary>A plan for the boot configuration, for the engine: its steps replace files, then run commands.</summary>
internal sealed class BootWork : IPlanWork
{
    private readonly BootPlan _plan;
    private readonly BootFiles _files;
    private readonly BootHistory _history;
    private readonly BootTarget? _target;
    private readonly HostMarks _marks;
    private readonly RunBootCommand _commands;
    private readonly BootUndo _undo;
    private string _change;
    private bool _isNothingStarted;

    /// <param name="plan">The plan.</param>
    /// <param name="files">The host's files.</param>
    /// <param name="history">The changes that were applied.</param>
    /// <param name="target">The change that the plan reverts; null if it makes one.</param>
    /// <param name="askGuards">Captures the host again and checks the guards of the devices that the change takes at the next boot.</param>
    /// <param name="marks">The identification of this boot.</param>
    /// <param name="options">Time-outs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The logger.</param>
    public BootWork(BootPlan plan, BootFiles files, BootHistory history, BootTarget? target, Func<ValueList<Finding>> askGuards, HostMarks marks, PlanOptions options, TimeProvider time, ILogger logger)
    {
        (_plan, _files, _history, _target, _marks, _change) = (plan, files, history, target, marks, target?.Name ?? "");
        _commands = new(plan.CommandsLeft.Count > 0, options, time);
        _undo = new(files, _commands, logger);
        Subject = new(Devices: [], Domain: null, DomainUuid: null, askGuards)
        {
            Shown = plan.Findings,
            Blocks = entry => BootUnfinished.Blocks(entry, history) && entry.Id != target?.Unfinished?.Id,
            Settle = journal => BootUnfinished.Settle(journal, history),
            RefuseStaleAsync = RefuseStaleAsync,
        };
    }

    public string Name => "the boot configuration";

    public PlanSubject Subject { get; }

    // The reverting of a change that did not finish takes its entry over, so that there is one entry about it at any time.
    public JournalEntry Describe(string id, DateTimeOffset now)
    {
        _change = _target?.Name ?? _history.NextName(now);
        return new()
        {
            Id = _target?.Unfinished?.Id ?? id,
            Path = _target?.Unfinished?.Path ?? "",
            Boot = new(_change, [.. _plan.Files.Select(file => file.Path)]),
            BootId = _marks.BootId,
            Identities = [],
            LiveBefore = [],
            StartedAt = now,
            Devices = [],
        };
    }

    public bool Takes(PlanStep step) => false;

    public JournalEntry Mark(JournalEntry entry) => entry;

    public void Begun(JournalEntry entry)
    {
        if (_target is null && LeavesSomethingToUndo())
        {
            _history.Record(_change, entry.StartedAt, _plan.Draft);
        }
    }

    public async Task DoAsync(PlanStep step, CancellationToken cancellationToken)
    {
        if (step.Number <= _plan.Files.Count)
        {
            EditBootFile.Apply(_files, _plan.Files[step.Number - 1]);
            if (_target is null && step.Number == _plan.Files.Count)
            {
                _history.MarkApplied(_change);
            }
        }
        else
        {
            await RunAsync(step).ConfigureAwait(false);
        }

        if (_target is not null && step.Number == _plan.Steps.Count)
        {
            _history.MarkReverted(_change);
        }
    }

    public bool MayStillHappen(PlanStep step, Exception error) => false;

    public Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress)
    {
        var begun = entry.Steps.Where(step => step.Number <= entry.Begun).Reverse().ToList();
        var restores = begun
            .Where(step => step.Number <= _plan.Files.Count)
            .Select(step => (Step: step, File: _plan.Files[step.Number - 1]))
            .Select(pair => new BootRestore(
                pair.Step, pair.File.Path, BootHistory.Hash(pair.File.BeforeBytes), BootHistory.Hash(pair.File.AfterBytes), () => pair.File.BeforeBytes));
        var ran = _isNothingStarted ? [] : begun.Where(step => step.Number > _plan.Files.Count).ToList();
        return _undo.RunAsync([.. restores], ran, _plan.Draft.UndoCommands, () => Settle(journal, entry), entry.Steps[0], progress);
    }

    public void Done()
    {
    }

    private async Task RunAsync(PlanStep step)
    {
        try
        {
            await _commands.ApplyAsync(_plan.Commands[step.Number - 1 - _plan.Files.Count]).ConfigureAwait(false);
        }
        catch (BootCommandException e) when (!e.IsStarted && step.Number == _plan.Files.Count + 1)
        {
            _isNothingStarted = true;
            throw;
        }
    }

    private void Settle(PlanJournal journal, JournalEntry entry)
    {
        if (_target is null)
        {
            _history.MarkReverted(_change);
        }

        if (_target?.Unfinished is { } unfinished)
        {
            journal.Write(unfinished);
        }
        else
        {
            journal.Remove(entry);
        }
    }

    // A menu that is only generated again leaves nothing to undo. Under another root nothing runs: the same plan made twice is one change.
    private bool LeavesSomethingToUndo()
    {
        var (commands, undo) = (_plan.Commands, _plan.Draft.UndoCommands);
        if (!_plan.Files.IsEmpty)
        {
            return true;
        }

        if (undo.IsEmpty || commands.SequenceEqual(undo))
        {
            return false;
        }

        var last = _history.Standing().Select(change => change.Entry).FirstOrDefault();
        return last is null || !last.Files.IsEmpty
            || !last.UndoCommands.Select(words => string.Join('\0', words)).SequenceEqual(undo.Select(command => string.Join('\0', BootHistory.WordsOf(command))));
    }

    private Task RefuseStaleAsync(CancellationToken cancellationToken)
    {
        if (_target is not null && BootTarget.Find(_history, _ => null)?.Name != _target.Name)
        {
            throw new StalePlanException("a newer change of the boot configuration was applied or reverted after the plan was made; make a new plan");
        }

        foreach (var edit in _plan.Files)
        {
            EditBootFile.RefuseStale(_files, edit);
        }

        return Task.CompletedTask;
    }
}
