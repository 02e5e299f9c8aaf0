using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>A plan that is made of changes, for the engine.</summary>
internal sealed class ChangeWork : IPlanWork
{
    private readonly DevicePlan _plan;
    private readonly ChangeSteps _steps;
    private readonly HostMarks _marks;
    private readonly ILogger _logger;
    private ChangeContext _context;
    private bool _isBegun;

    /// <param name="plan">The plan.</param>
    /// <param name="steps">The kinds of steps.</param>
    /// <param name="context">The host.</param>
    /// <param name="askAgain">Makes the plan again on a fresh capture: its findings are the guards, and its changes must be the same.</param>
    /// <param name="logger">The logger.</param>
    public ChangeWork(DevicePlan plan, ChangeSteps steps, ChangeContext context, Func<DevicePlan> askAgain, ILogger logger)
    {
        _plan = plan;
        _steps = steps;
        _context = context;
        _logger = logger;
        _marks = new(context.Sysfs);
        Subject = new(plan.Devices, Domain: null, DomainUuid: null, () => Judge(askAgain()))
        {
            Shown = plan.Findings,
            Blocks = steps.Blocking(plan.Devices, plan.Changes),
        };
    }

    public string Name => _plan.Devices.IsEmpty ? _plan.Purpose : string.Join(", ", _plan.Devices);

    public PlanSubject Subject { get; }

    public JournalEntry Describe(string id, DateTimeOffset now)
    {
        _context = _context with { EntryId = id };
        return new()
        {
            Id = id,
            BootId = _marks.BootId,
            Identities = [.. _plan.Devices.Select(device => new DeviceIdentity(device, _marks.IdentityOf(device)))],
            StartedAt = now,
            LiveBefore = [],
            Devices = [.. _plan.Devices.Select(device => new AssignedDevice(device, Driver: null, DeviceXml: ""))],
            Changes = [.. _plan.Changes],
        };
    }

    public bool Takes(PlanStep step) => _steps.For(step.Kind).TakesDevice;

    public JournalEntry Mark(JournalEntry entry) => entry;

    public void Begun(JournalEntry entry) => _isBegun = true;

    public Task DoAsync(PlanStep step, CancellationToken cancellationToken) =>
        _steps.For(step.Kind).ApplyAsync(_plan.Changes[step.Number - 1], _context, cancellationToken);

    public bool MayStillHappen(PlanStep step, Exception error) => false;

    public Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress) =>
        new ChangeUndo(_steps, _context, _logger).UndoAsync(journal, entry, progress);

    public void Done()
    {
        foreach (var change in _plan.Changes)
        {
            _steps.For(change.Kind).Done(change, _context);
        }
    }

    private ValueList<Finding> Judge(DevicePlan now)
    {
        // A guard that has turned says why the plan no longer fits. After the first step the host has changed by the plan itself.
        if (!_isBegun && !now.IsRefused && !now.Changes.SequenceEqual(_plan.Changes))
        {
            throw new StalePlanException($"the plan to {_plan.Purpose} no longer fits the host: its devices have changed since it was made; make a new plan");
        }

        return [.. now.Findings.Where(finding => finding.Id != FindingIds.PlanUnfinished)]; // asked of the locked journal instead
    }
}
