using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>A plan for virtual functions, for the engine.</summary>
internal sealed class VirtualFunctionWork : IPlanWork
{
    private readonly VirtualFunctionPlan _plan;
    private readonly PlanOptions _options;
    private readonly HostMarks _marks;
    private readonly VirtualFunctionWriter _writer;
    private readonly VirtualFunctionSettingWriter _settings;
    private readonly DriverProbing _probing;
    private readonly VirtualFunctionUndo _undo;
    private readonly string _connection;

    public VirtualFunctionWork(
        VirtualFunctionPlan plan, ISysfs sysfs, string? connection, Func<ValueList<Finding>> askGuards, PlanOptions options, TimeProvider time, ILogger logger,
        Func<JournalEntry, ValueList<Finding>>? judgeRestored = null)
    {
        _plan = plan;
        _options = options;
        _marks = new(sysfs);
        _writer = new(sysfs, time);
        _settings = new(sysfs, time);
        _probing = new(sysfs);
        _connection = connection ?? "";
        _undo = new(sysfs, _writer, _settings, judgeRestored, options, time, logger);
        Subject = new(plan.Devices, Domain: null, DomainUuid: null, askGuards) { Shown = plan.Findings, RefuseStaleAsync = RefuseStaleAsync };
    }

    public string Name => _plan.PhysicalFunction.ToString();

    public PlanSubject Subject { get; }

    public JournalEntry Describe(string id, DateTimeOffset now) => new()
    {
        Id = id,
        Connection = _connection,
        VirtualFunctions = new(_plan.PhysicalFunction, _plan.Before, _plan.Count)
        {
            Probes = _plan.Actions.FirstOrDefault(action => action.Probes is not null)?.Probes,
            ProbesBefore = _plan.Actions.Any(action => action.Probes is not null) ? _plan.ProbesBefore : null,
            Settings = [.. _plan.Actions.Where(action => action.Setting is not null).Select(action => new VirtualFunctionSettingEntry(action.Setting!.Index, action.Setting.Name, action.Before, action.Setting.Value))],
            SettingsBefore = [.. _plan.Kept.Select(kept => new VirtualFunctionSettingEntry(kept.Index, kept.Name, kept.Value, After: null))],
        },
        BootId = _marks.BootId,
        Identities = [new(_plan.PhysicalFunction, _marks.IdentityOf(_plan.PhysicalFunction))],
        StartedAt = now,
        LiveBefore = [],
        Devices = [.. _plan.Devices.Select(device => new AssignedDevice(device, null, ""))],
    };

    public bool Takes(PlanStep step) => false;

    public JournalEntry Mark(JournalEntry entry) => entry;

    public void Begun(JournalEntry entry)
    {
    }

    public Task DoAsync(PlanStep step, CancellationToken cancellationToken)
    {
        switch (_plan.Actions[step.Number - 1])
        {
            case { Setting: { } setting }:
                return _settings.SetAsync(_plan.PhysicalFunction, setting, _options.VirtualFunctionTimeout, cancellationToken);
            case { Probes: { } probes }:
                _probing.Set(_plan.PhysicalFunction, probes);
                return Task.CompletedTask;
            case var action:
                return SetVirtualFunctions.ApplyAsync(_writer, _plan.PhysicalFunction, action.Count!.Value, _options, cancellationToken);
        }
    }

    public bool MayStillHappen(PlanStep step, Exception error) => false;

    public Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress) =>
        _undo.UndoAsync(journal, entry, progress);

    public void Done()
    {
    }

    private Task RefuseStaleAsync(CancellationToken cancellationToken) =>
        _writer.ReadCount(_plan.PhysicalFunction) is var now && now == _plan.Before
            ? Task.CompletedTask
            : throw Stale(_plan, now);

    /// <summary>The error of a plan whose virtual functions have other settings than when it was made.</summary>
    internal static StalePlanException Stale(VirtualFunctionPlan plan) =>
        new($"the virtual functions of {plan.PhysicalFunction}, or their settings, have changed since the plan was made; make a new plan");

    /// <summary>The error of a plan that was made for another number.</summary>
    internal static StalePlanException Stale(VirtualFunctionPlan plan, int now) =>
        new($"{plan.PhysicalFunction} had {plan.Before} virtual functions when the plan was made and has {now} now; make a new plan");
}
