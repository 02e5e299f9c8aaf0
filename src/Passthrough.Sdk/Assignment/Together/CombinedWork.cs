using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Together;

/// <summary>A plan for several domains, for the engine. It passes each step on to the work of its domain.</summary>
/// <remarks>
/// The journal has one entry that contains an entry for each domain. The steps of all entries have their numbers in the whole plan, so each of
/// them is undone as far as the whole plan began.
/// </remarks>
internal sealed class CombinedWork : IPlanWork
{
    private readonly CombinedPlan _plan;
    private readonly ValueList<CombinedPart> _parts;
    private readonly ILogger _logger;
    private int _done;

    public CombinedWork(CombinedPlan plan, ValueList<CombinedPart> parts, Func<ValueList<Finding>> askTogether, ILogger logger)
    {
        (_plan, _parts, _logger) = (plan, parts, logger);
        Subject = new(plan.Devices, Domain: null, DomainUuid: null, () => AskGuards(askTogether))
        {
            Shown = plan.Findings,
            Blocks = entry => _parts.Any(part => part.Work.Subject.Blocks(entry)),
            RefuseStaleAsync = RefuseStaleAsync,
        };
    }

    public string Name => string.Join(" and ", _parts.Select(part => part.Work.Name));

    public PlanSubject Subject { get; }

    public JournalEntry Describe(string id, DateTimeOffset now)
    {
        ValueList<JournalEntry> parts =
        [
            .. _parts.Zip(_plan.Parts, (part, plan) => part.Work.Describe(id, now) with { Kind = plan.Kind, Steps = [.. part.Steps] }),
        ];
        return new()
        {
            Id = id,
            Connection = _plan.Connection,
            BootId = parts[0].BootId,
            Identities = [.. parts.SelectMany(part => part.Identities)],
            LiveBefore = [.. parts.SelectMany(part => part.LiveBefore)],
            StartedAt = now,
            Devices = [.. parts.SelectMany(part => part.Devices)],
            Parts = [.. parts],
        };
    }

    // The parts before may have lasted long, so a domain is asked about as if its plan began with its first step.
    public bool Takes(PlanStep step) => PartOf(step) is var part && (part.Steps[0].Number == step.Number || part.Work.Takes(step));

    public JournalEntry Mark(JournalEntry entry) => entry with { Parts = [.. _parts.Zip(entry.Parts, (part, its) => part.Work.Mark(its))] };

    public void Begun(JournalEntry entry)
    {
        foreach (var (part, its) in _parts.Zip(entry.Parts))
        {
            part.Work.Begun(its);
        }
    }

    public async Task DoAsync(PlanStep step, CancellationToken cancellationToken)
    {
        var part = PartOf(step);
        if (step.Number > 1 && part.Steps[0].Number == step.Number)
        {
            await part.Work.Subject.RefuseStaleAsync(cancellationToken).ConfigureAwait(false);
        }

        await part.Work.DoAsync(step, cancellationToken).ConfigureAwait(false);
    }

    public bool MayStillHappen(PlanStep step, Exception error) => PartOf(step).Work.MayStillHappen(step, error);

    public async Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress)
    {
        var (left, failed) = await CombinedEntry.UndoAsync(journal, entry, (i, part) => _parts[i].Work.UndoStepsAsync(part, progress), _logger).ConfigureAwait(false);
        return
        [
            .. left,
            .. failed.SelectMany(part => part.Part.Steps.Where(step => step.Number <= part.Part.Begun).Reverse().Select(step => new StepNotUndone(step, part.Error.Message))),
        ];
    }

    public void Done()
    {
        foreach (var part in _parts)
        {
            part.Work.Done();
        }
    }

    // What is done for a domain is not asked again: only what the steps to come will take.
    private ValueList<Finding> AskGuards(Func<ValueList<Finding>> askTogether) =>
        [.. _parts.Skip(_done).SelectMany(part => part.Work.Subject.AskGuards()), .. askTogether()];

    private async Task RefuseStaleAsync(CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
        {
            await part.Work.Subject.RefuseStaleAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // The engine asks for the steps in their order, so the parts before this one are done.
    private CombinedPart PartOf(PlanStep step)
    {
        while (!_parts[_done].Steps.Any(own => own.Number == step.Number))
        {
            _done++;
        }

        return _parts[_done];
    }
}
