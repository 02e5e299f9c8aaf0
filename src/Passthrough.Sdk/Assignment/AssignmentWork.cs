using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>A plan for a domain, for the engine: its steps change the domain and the drivers of its devices.</summary>
internal sealed class AssignmentWork : IPlanWork
{
    private readonly AssignmentPlan _plan;
    private readonly IAssignmentDomain _domain;
    private readonly DriverWatch _drivers;
    private readonly BindingRecords _records;
    private readonly PlanOptions _options;
    private readonly DomainCalls _calls;
    private readonly AssignmentUndo _undo;
    private readonly DefinitionTrail _trail;
    private readonly ValueList<string> _overruled;
    private JournalEntry? _entry;

    public AssignmentWork(
        AssignmentPlan plan,
        IAssignmentDomain domain,
        DriverWatch drivers,
        BindingRecords records,
        Func<ValueList<Finding>> askGuards,
        ValueList<string> overruled,
        PlanOptions options,
        TimeProvider time,
        ILogger logger)
    {
        _plan = plan;
        _domain = domain;
        _drivers = drivers;
        _records = records;
        _options = options;
        _calls = new(domain, options, time);
        _undo = new(_calls, drivers, records, options, logger);
        _trail = new(plan.DefinitionBefore, null);
        _overruled = [.. PlanGuards.Overruled(plan.Findings, options.Accepted).Union(overruled)];
        Subject = new(plan.Devices, plan.Domain, domain.Uuid, askGuards) { Shown = plan.Findings, RefuseStaleAsync = RefuseStaleAsync };
    }

    public string Name => _plan.Domain;

    public PlanSubject Subject { get; }

    public JournalEntry Describe(string id, DateTimeOffset now) => _entry = new()
    {
        Id = id,
        Connection = _plan.Connection,
        Domain = _plan.Domain,
        DomainUuid = _domain.Uuid,
        BootId = _records.BootId,
        Identities = [.. _plan.Devices.Where(_drivers.IsThere).Select(device => new DeviceIdentity(device, _records.IdentityOf(device)))],
        LiveBefore = [.. _plan.LiveBefore],
        StartedAt = now,
        Devices = [.. _plan.DevicesBefore.Select(device => _drivers.IsThere(device.Address) ? device with { DriverOverride = _drivers.ReadBinding(device.Address).DriverOverride } : device)],
        DefinitionBefore = _plan.DefinitionBefore,
        Controllers = [.. _plan.Controllers.Select(controller => controller.ToXml("\n"))],
    };

    public bool Takes(PlanStep step) => AssignmentSteps.For(step).TakesDevice;

    public JournalEntry Mark(JournalEntry entry) => entry with { DefinitionLeft = _trail.Left };

    public void Begun(JournalEntry entry) => KeepRecords(entry);

    public Task DoAsync(PlanStep step, CancellationToken cancellationToken)
    {
        var device = _entry!.Devices.First(device => device.Address == step.Device);
        return AssignmentSteps.For(step).ApplyAsync(new(_calls, device, _trail, _drivers, _options) { Accepted = _overruled, Controllers = _plan.Controllers }, cancellationToken);
    }

    public bool MayStillHappen(PlanStep step, Exception error) => AssignmentSteps.For(step).MayStillHappen(error);

    public Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress) =>
        _undo.UndoAsync(journal, entry, _trail, progress);

    /// <summary>Undoes every step that may have begun, and leaves the entry in the journal.</summary>
    public Task<ValueList<StepNotUndone>> UndoStepsAsync(JournalEntry entry, IProgress<PlanProgress>? progress) => _undo.UndoStepsAsync(entry, _trail, progress);

    public void Done()
    {
        // What the guest or the definition still has comes back later, and its record counts then.
        foreach (var device in Leaving)
        {
            _records.ForgetReleased(device, _plan.Domain, _entry!.Id);
        }
    }

    private IEnumerable<PciAddress> Leaving => _plan.Kind == PlanKind.Release ? _plan.Devices.Except(_plan.StayingInDomain) : [];

    // What a release, by whichever program, is to bring the devices back to.
    private void KeepRecords(JournalEntry entry)
    {
        foreach (var device in Leaving)
        {
            _records.MarkReleased(device, entry.Domain, entry.Id);
        }

        if (entry.Kind != PlanKind.Assign)
        {
            return;
        }

        // What the running domain has already is on its guest's driver: that is not what it is to come back to.
        foreach (var device in entry.Devices.Where(device => _drivers.IsThere(device.Address) && !entry.LiveBefore.Contains(device.Address)))
        {
            // The domain has it already, and gets it in one more way: what it was before is on record.
            var isKnown = entry.DefinitionBefore.Length > 0 && DomainXml.Asks(entry.DefinitionBefore, device.Address) && _records.Find(device.Address, entry.Domain) is not null;
            var steps = entry.Steps.Where(step => step.Device == device.Address).ToList();
            var isTaken = steps.Exists(step => AssignmentSteps.For(step) is DetachFromHost);
            if (isKnown && isTaken)
            {
                _records.MarkTaken(device.Address, entry.Domain, entry.Id); // libvirt does not return it any longer
            }
            else if (!isKnown && steps.Count > 0)
            {
                _records.Keep(device.Address, entry.Domain, entry.Id, new(device.Driver, device.DriverOverride), isTaken);
            }
        }
    }

    private async Task RefuseStaleAsync(CancellationToken cancellationToken)
    {
        foreach (var device in _plan.DevicesBefore)
        {
            var now = _drivers.Read(device.Address);
            if (now != device.Driver)
            {
                throw new StalePlanException(
                    $"{device.Address} was bound to {device.Driver ?? "no driver"} when the plan was made and is now bound to {now ?? "no driver"}; make a new plan");
            }
        }

        var (definition, live) = await _calls.RunAsync(
            $"describe {_plan.Domain}", d => (d.IsPersistent ? d.ReadDefinition() : "", d.IsRunning ? d.ReadLive() : null), cancellationToken).ConfigureAwait(false);
        if (live is null == _plan.WasRunning)
        {
            throw new StalePlanException(
                $"{_plan.Domain} {(_plan.WasRunning ? "was running when the plan was made and is now shut off" : "was shut off when the plan was made and is now running")}; make a new plan");
        }

        foreach (var device in _plan.DevicesBefore.Where(device => live is not null && DomainXml.Takes(live, device.Address) != _plan.LiveBefore.Contains(device.Address)))
        {
            throw new StalePlanException(
                $"the running {_plan.Domain} {(_plan.LiveBefore.Contains(device.Address) ? "had" : "did not have")} {device.Address} when the plan was made, and that has changed; make a new plan");
        }

        if (definition != _plan.DefinitionBefore)
        {
            throw new StalePlanException($"the definition of {_plan.Domain} has changed since the plan was made; make a new plan");
        }
    }
}
