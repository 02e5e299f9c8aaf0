using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>What a plan, its refusal, its failure and its undo report.</summary>
public sealed class PlanWordsTests
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");
    private static readonly PlanStep First = new(1, PlanStepKind.BindDriver, Nic, "bind it", "bind it back", "echo 1");
    private static readonly PlanStep Second = First with { Number = 2, Description = "reset it" };

    [Fact]
    public void A_plan_prints_its_findings_its_steps_and_whether_anything_is_to_do()
    {
        var text = Plan([Change], []).ToString();
        Assert.Contains("  1. write it\n     undo: take it back\n     like: tee it\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing", text, StringComparison.Ordinal);

        var done = Plan([], []);
        Assert.False(done.IsRefused);
        Assert.EndsWith("  nothing to do: the wanted state is already reached\n", done.ToString(), StringComparison.Ordinal);

        var refused = Plan([Change], [Error]);
        Assert.True(refused.IsRefused);
        Assert.Empty(refused.Steps);
        Assert.Empty(refused.Changes);
        Assert.EndsWith("  refused: nothing would be changed\n", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains($"\n  {Error}\n    remedy: wait\n", refused.ToString(), StringComparison.Ordinal);

        var accepted = Plan([Change], [Error], Error.Id);
        Assert.Single(accepted.Changes);
        Assert.Contains($"\n  accepted: {Error}\n    remedy: wait\n", accepted.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_more_is_known_of_can_be_refused_after_all()
    {
        var plan = Plan([Change], []);
        Assert.Equal(plan.Changes, plan.With([]).Changes);
        var refused = plan.With([Error]);
        Assert.Equal((true, 0, 0), (refused.IsRefused, refused.Steps.Count, refused.Changes.Count));
    }

    [Fact]
    public void A_refusal_needs_a_finding_and_says_the_way_out()
    {
        Assert.Throws<ArgumentNullException>(() => new PlanRefusedException((IEnumerable<Finding>)null!));
        Assert.Throws<ArgumentException>(() => new PlanRefusedException());
        Assert.Equal($"it is in use [{Error.Id}]; wait", new PlanRefusedException(Error).Message);
        Assert.EndsWith($"; or accept {Error.Id} if you know the answer", new PlanRefusedException(Error with { IsUndetermined = true }).Message, StringComparison.Ordinal);
        Assert.EndsWith("; this differs from what was accepted: make the plan again and review it", new PlanRefusedException([Error], [Error.Id]).Message, StringComparison.Ordinal);
        Assert.EndsWith(
            $"; {FindingIds.PlanUnfinished} cannot be accepted",
            new PlanRefusedException([Error with { Id = FindingIds.PlanUnfinished }], [FindingIds.PlanUnfinished]).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_says_what_failed_and_what_was_not_undone()
    {
        Assert.Equal("step 1 (bind it) failed: busy; every change was undone", new PlanFailedException(First, new IOException("busy")).Message);
        Assert.Equal("step 1 (bind it) was cancelled; every change was undone", new PlanFailedException(First, new OperationCanceledException()).Message);
        var left = new PlanFailedException(Second, new IOException("busy"), new StepNotUndone(First, "gone"));
        Assert.Equal("step 2 (reset it) failed: busy; not undone: bind it (gone); the journal keeps the plan for PassthroughHost.RecoverAsync", left.Message);
        Assert.Equal([First], left.NotUndone.Select(step => step.Step));
    }

    [Fact]
    public async Task The_undo_of_each_step_is_logged_and_reported()
    {
        var log = new FakeLogger();
        var seen = new Listener();
        var report = new UndoReport(log, seen);
        var error = new IOException("busy");

        Assert.True(await report.TryAsync(First, () => Task.CompletedTask));
        report.Undone(First);
        Assert.True(report.IsClean);
        Assert.False(await report.TryAsync(Second, () => throw error));

        Assert.False(report.IsClean);
        Assert.Equal([new StepNotUndone(Second, "busy")], report.NotUndone);
        Assert.Equal([(302, LogLevel.Information), (303, LogLevel.Critical)], log.Collector.GetSnapshot().Select(record => (record.Id.Id, record.Level)));
        Assert.Equal([new PlanProgress(First, PlanStepState.Undone), new PlanProgress(Second, PlanStepState.UndoFailed, error)], seen.Reports);
    }

    [Fact]
    public void A_listener_is_told_the_count_and_the_time_and_its_errors_are_logged()
    {
        var time = new FakeTimeProvider();
        var seen = new Listener();
        var log = new FakeLogger();
        var safe = new SafeProgress(seen, 3, time, log);
        time.Advance(TimeSpan.FromSeconds(5));
        safe.Report(new(First, PlanStepState.Done));
        Assert.Equal((3, TimeSpan.FromSeconds(5)), (Assert.Single(seen.Reports).Count, seen.Reports[0].Elapsed));
        Assert.Empty(log.Collector.GetSnapshot());

        seen.Error = new IOException("closed");
        safe.Report(new(First, PlanStepState.Done));
        Assert.Same(seen.Error, Assert.Single(log.Collector.GetSnapshot()).Exception);
    }

    [Fact]
    public void What_is_accepted_is_sorted_and_named_once() =>
        Assert.Equal(["a", "b", "c"], new PlanOptions { Accepted = ["c", "a", "b", "a"] }.Accepted);

    [Theory]
    [InlineData("e1000e", null, "e1000e")]
    [InlineData(null, null, "no driver")]
    [InlineData("e1000e", "vfio-pci", "e1000e with driver_override vfio-pci")]
    public void A_binding_names_the_override_if_there_is_one(string? driver, string? driverOverride, string text) =>
        Assert.Equal(text, new HostBinding(driver, driverOverride).ToString());

    [Fact]
    public void An_entry_is_named_by_its_file_or_by_its_id()
    {
        var entry = new JournalEntry { Id = "1", StartedAt = default, Devices = [new(Nic, null, "<defined/>")] };
        Assert.Equal("the journal entry 1", entry.File);
        Assert.Equal("/j/1.json", (entry with { Path = "/j/1.json" }).File);
        Assert.Equal("<defined/>", entry.Devices[0].ElementInGuest);
        Assert.Equal("<live/>", (entry.Devices[0] with { LiveXml = "<live/>" }).ElementInGuest);
        HostChange change = new(PlanStepKind.WriteRuleFile, null, "/x", null, "y");
        Assert.Equal("Persist", (entry with { Kind = PlanKind.Persist, Changes = [change], Devices = [] }).Subject);
        Assert.Equal("Persist of 0000:01:00.0", (entry with { Kind = PlanKind.Persist, Changes = [change] }).Subject);
    }

    [Fact]
    public void A_consequence_is_written_after_its_cause() =>
        Assert.Equal(
            [Error.Id, FindingIds.GroupShared],
            PlanDocumentFinding.Of([Error with { Consequences = [Error with { Id = FindingIds.GroupShared }] }]).Select(finding => finding.Id));

    private static Finding Error => new()
    {
        Id = FindingIds.DeviceHoldsActiveNetworkInterface, Severity = FindingSeverity.Error, Title = "it is in use", Remedy = "wait", Evidence = [], Devices = [Nic],
    };

    private static HostChange Change => new(PlanStepKind.WriteRuleFile, Nic, "/etc/x", null, "text");

    private static DevicePlan Plan(ValueList<HostChange> changes, ValueList<Finding> findings, params ValueList<string> accepted) => new(
        PlanKind.Persist, "do it", [Nic], changes, new ChangeSteps(new WordedStep()), findings, accepted, (_, _, _) => Task.CompletedTask);

    private sealed class Listener : IProgress<PlanProgress>
    {
        public List<PlanProgress> Reports { get; } = [];

        public Exception? Error { get; set; }

        public void Report(PlanProgress value)
        {
            if (Error is not null)
            {
                throw Error;
            }

            Reports.Add(value);
        }
    }
}
