using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>How a plan is applied, whatever its steps are: guards, journal, progress, log, cancellation and undo.</summary>
public sealed class PlanEngineTests : IDisposable
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("passthrough-engine-");
    private readonly FakeLogger _log = new();
    private readonly List<PlanProgress> _seen = [];
    private readonly CancellationTokenSource _cancel = new();
    private bool _isJournalAsked;

    private string Folder => Path.Join(_temporary.FullName, "journal");

    private PlanOptions Options => new() { JournalDirectory = Folder, Accepted = [FindingIds.DeviceNoReset, FindingIds.DeviceHoldsSwap], BeforeJournal = () => _isJournalAsked = true };

    private IEnumerable<int> Logged => _log.Collector.GetSnapshot().Select(record => record.Id.Id);

    public void Dispose()
    {
        _cancel.Dispose();
        _temporary.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_step_is_journalled_done_logged_and_reported()
    {
        var work = new Work(Folder);

        await ApplyAsync(work);

        Assert.Equal(["mark", "begun 1 of 2", "do 1: 1 in the journal", "mark", "do 2: 2 in the journal", "done"], work.Calls);
        Assert.Equal([FindingIds.DeviceHoldsSwap, FindingIds.DeviceNoReset], work.Entry!.Accepted);
        Assert.Equal(PlanKind.Persist, work.Entry.Kind);
        Assert.Equal([300, 300, 304], Logged);
        Assert.Equal(
            [(1, PlanStepState.Started), (1, PlanStepState.Done), (2, PlanStepState.Started), (2, PlanStepState.Done)],
            _seen.Select(progress => (progress.Step.Number, progress.State)));
        Assert.All(_seen, progress => Assert.Equal(2, progress.Count));
        Assert.Empty(PlanJournal.Peek(Folder).Entries);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Guards_are_asked_before_the_first_step_and_before_each_later_one_that_takes_a_device(bool takes, int asked)
    {
        var work = new Work(Folder) { TakesDevice = takes };
        await ApplyAsync(work);
        Assert.Equal(asked, work.Asked);
    }

    [Fact]
    public async Task Nobody_has_to_listen()
    {
        await new PlanEngine(Options, TimeProvider.System, _log).ApplyAsync(Plan(2), new Work(Folder), progress: null, _cancel.Token);
        Assert.Equal([300, 300, 304], Logged);
    }

    [Fact]
    public async Task A_plan_without_steps_and_one_that_is_cancelled_at_once_leave_the_journal_alone()
    {
        var work = new Work(Folder);
        await ApplyAsync(work, steps: 0);
        await _cancel.CancelAsync();

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => ApplyAsync(work));

        Assert.Equal("the plan for it was cancelled before its first step; nothing was changed", error.Message);
        Assert.False(_isJournalAsked);
        Assert.Empty(work.Calls);
    }

    [Fact]
    public async Task A_plan_that_is_cancelled_during_the_guards_has_changed_nothing()
    {
        var work = new Work(Folder) { Stale = () => _cancel.Cancel() };

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => ApplyAsync(work));

        Assert.Equal("the plan for it was cancelled before its first step; nothing was changed", error.Message);
        Assert.Empty(work.Calls);
    }

    [Fact]
    public async Task A_cancellation_is_heard_between_two_steps_and_everything_is_undone()
    {
        var work = new Work(Folder) { Do = (step, _) => _cancel.Cancel() };

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => ApplyAsync(work));

        Assert.Equal("the plan for it was cancelled in step 2 (write it); every change was undone", error.Message);
        Assert.Equal(["mark", "begun 1 of 2", "do 1: 1 in the journal", "undo from 1, failed: True"], work.Calls);
    }

    [Fact]
    public async Task A_step_that_fails_is_logged_reported_marked_and_undone()
    {
        var cause = new IOException("busy");
        var work = new Work(Folder) { Do = (step, _) => throw cause };

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => ApplyAsync(work));

        Assert.Equal((1, cause), (error.Step.Number, error.InnerException));
        Assert.Equal([(300, LogLevel.Information), (301, LogLevel.Error)], _log.Collector.GetSnapshot().Select(record => (record.Id.Id, record.Level)));
        Assert.Equal([(PlanStepState.Started, null), (PlanStepState.Failed, cause)], _seen.Select(progress => (progress.State, progress.Error)));
        Assert.Equal("undo from 1, failed: True", work.Calls[^1]);
        Assert.True(Assert.Single(PlanJournal.Peek(Folder).Entries).HasFailed);
    }

    [Fact]
    public async Task A_failure_before_the_first_intent_leaves_no_entry()
    {
        var work = new Work(Folder) { MarkFails = true };

        await Assert.ThrowsAsync<PlanFailedException>(() => ApplyAsync(work));

        Assert.Equal(["mark", "undo from 0, failed: True"], work.Calls);
        Assert.Empty(PlanJournal.Peek(Folder).Entries);
    }

    [Fact]
    public async Task A_journal_that_can_no_longer_be_written_does_not_stop_the_undo()
    {
        var work = new Work(Folder)
        {
            Do = (step, _) =>
            {
                Directory.Delete(Folder, recursive: true);
                throw new IOException("busy");
            },
        };

        await Assert.ThrowsAsync<PlanFailedException>(() => ApplyAsync(work));

        Assert.Equal([300, 301, 307], Logged);
        Assert.Equal("undo from 1, failed: True", work.Calls[^1]);
    }

    [Fact]
    public async Task A_plan_without_steps_is_applied_once()
    {
        var count = 0;
        var plan = new DevicePlan(PlanKind.Persist, "do it", [Nic], [], new ChangeSteps(new WordedStep()), [], [], (_, _, _) =>
        {
            count++;
            return Task.CompletedTask;
        });
        await plan.ApplyAsync(cancellationToken: _cancel.Token);
        Assert.Equal(1, count);
    }

    [Fact]
    public async Task An_entry_that_changed_nothing_is_settled_before_it_can_block()
    {
        var entry = new JournalEntry { Id = "1", StartedAt = DateTimeOffset.UnixEpoch, Devices = [new(Nic, null, "")], Identities = [], LiveBefore = [] };
        using (var journal = await PlanJournal.OpenAsync(Folder, TimeSpan.FromSeconds(30), TimeProvider.System, _cancel.Token))
        {
            journal.Write(entry);
        }

        var subject = new PlanSubject([Nic], Domain: null, DomainUuid: null, () => []);
        await Assert.ThrowsAsync<PlanRefusedException>(() => PlanTurn.BeginAsync(subject, Options, TimeProvider.System, _cancel.Token));
        using var turn = await PlanTurn.BeginAsync(subject with { Settle = journal => journal.Remove(entry) }, Options, TimeProvider.System, _cancel.Token);
        Assert.Empty(turn.Journal.Read().Entries);
    }

    private static DevicePlan Plan(int steps) => new(
        PlanKind.Persist,
        "do it",
        [Nic],
        [.. Enumerable.Range(0, steps).Select(_ => new HostChange(PlanStepKind.WriteRuleFile, Nic, "/etc/x", null, "text"))],
        new ChangeSteps(new WordedStep()),
        [],
        [],
        (_, _, _) => Task.CompletedTask);

    private Task ApplyAsync(Work work, int steps = 2) =>
        new PlanEngine(Options, TimeProvider.System, _log).ApplyAsync(Plan(steps), work, new OnProgress(_seen.Add), _cancel.Token);

    private sealed class Work(string folder) : IPlanWork
    {
        public List<string> Calls { get; } = [];

        public int Asked { get; private set; }

        public bool TakesDevice { get; init; }

        public bool MarkFails { get; init; }

        public Action? Stale { get; init; }

        public Action<PlanStep, CancellationToken>? Do { get; init; }

        public JournalEntry? Entry { get; private set; }

        public string Name => "it";

        public PlanSubject Subject => new([Nic], Domain: null, DomainUuid: null, Ask)
        {
            RefuseStaleAsync = token =>
            {
                Stale?.Invoke();
                token.ThrowIfCancellationRequested();
                return Task.CompletedTask;
            },
        };

        public JournalEntry Describe(string id, DateTimeOffset now) => new() { Id = id, StartedAt = now, Devices = [new(Nic, null, "")], Identities = [], LiveBefore = [] };

        public bool Takes(PlanStep step) => TakesDevice;

        public JournalEntry Mark(JournalEntry entry)
        {
            Calls.Add("mark");
            return MarkFails ? throw new IOException("busy") : entry;
        }

        public void Begun(JournalEntry entry)
        {
            Entry = entry;
            Calls.Add($"begun {entry.Begun} of {entry.Steps.Length}");
        }

        public Task DoAsync(PlanStep step, CancellationToken cancellationToken)
        {
            Calls.Add($"do {step.Number}: {Assert.Single(PlanJournal.Peek(folder).Entries).Begun} in the journal");
            Do?.Invoke(step, cancellationToken);
            return Task.CompletedTask;
        }

        public bool MayStillHappen(PlanStep step, Exception error) => false;

        public Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress)
        {
            Calls.Add($"undo from {entry.Begun}, failed: {entry.HasFailed}");
            return Task.FromResult(ValueList.Create<StepNotUndone>());
        }

        public void Done() => Calls.Add("done");

        private ValueList<Finding> Ask()
        {
            Asked++;
            return [];
        }
    }
}
