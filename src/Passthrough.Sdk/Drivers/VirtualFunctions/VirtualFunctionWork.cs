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
    private readonly VirtualFunctionUndo _undo;
    private readonly string _connection;

    public VirtualFunctionWork(
        VirtualFunctionPlan plan, ISysfs sysfs, string? connection, Func<ValueList<Finding>> askGuards, PlanOptions options, TimeProvider time, ILogger logger)
    {
        _plan = plan;
        _options = options;
        _marks = new(sysfs);
        _writer = new(sysfs, time);
        _connection = connection ?? "";
        _undo = new(sysfs, _writer, judgeRestored: null, options, time, logger);
        Subject = new(plan.Devices, Domain: null, DomainUuid: null, askGuards) { Shown = plan.Findings, RefuseStaleAsync = RefuseStaleAsync };
    }

    public string Name => _plan.PhysicalFunction.ToString();

    public PlanSubject Subject { get; }

    public JournalEntry Describe(string id, DateTimeOffset now) => new()
    {
        Id = id,
        Connection = _connection,
        VirtualFunctions = new(_plan.PhysicalFunction, _plan.Before, _plan.Count),
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

    public Task DoAsync(PlanStep step, CancellationToken cancellationToken) =>
        SetVirtualFunctions.ApplyAsync(_writer, _plan.PhysicalFunction, _plan.Writes[step.Number - 1], _options, cancellationToken);

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

    /// <summary>The error of a plan that was made for another number.</summary>
    internal static StalePlanException Stale(VirtualFunctionPlan plan, int now) =>
        new($"{plan.PhysicalFunction} had {plan.Before} virtual functions when the plan was made and has {now} now; make a new plan");
}
