using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Assignment.Journal;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Assignment;

public sealed class AssignmentExecutorTests : IDisposable
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Sound = PciAddress.Parse("0000:00:1b.0");

    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("passthrough-journal-");
    private readonly FakeDomain _domain = new() { Drivers = { [Nic] = "e1000e", [Sound] = "snd_hda_intel" } };
    private readonly List<AssignmentProgress> _progress = [];

    public void Dispose() => _journal.Delete(recursive: true);

    [Fact]
    public async Task A_plan_gives_the_device_to_the_domain_and_leaves_no_journal()
    {
        await Apply(AssignPlan());

        Assert.Equal(["DetachFromHost", "AddToDefinition", "AttachLive"], _domain.Calls);
        Assert.Contains("0x01", _domain.ReadLive(), StringComparison.Ordinal);
        Assert.Equal("vfio-pci", _domain.Drivers[Nic]);
        Assert.Equal([(1, AssignmentStepState.Started), (1, AssignmentStepState.Done), (2, AssignmentStepState.Started), (2, AssignmentStepState.Done), (3, AssignmentStepState.Started), (3, AssignmentStepState.Done)],
            _progress.Select(p => (p.Step.Number, p.State)));
        Assert.Empty(_journal.EnumerateFiles("*.json"));
    }

    [Theory]
    [InlineData("DetachFromHost", 1)]
    [InlineData("AddToDefinition", 2)]
    [InlineData("AttachLive", 3)]
    public async Task Whatever_step_fails_everything_is_as_before(string failing, int number)
    {
        var before = _domain.ReadDefinition();
        _domain.Before = call => ThrowWhen(call == failing);

        var error = await Assert.ThrowsAsync<AssignmentFailedException>(() => Apply(AssignPlan()));

        Assert.Equal(number, error.Step.Number);
        Assert.Empty(error.NotUndone);
        Assert.Equal(before, _domain.ReadDefinition());
        Assert.Equal("e1000e", _domain.Drivers[Nic]);
        Assert.Empty(_journal.EnumerateFiles("*.json"));
    }

    [Fact]
    public async Task Two_devices_are_both_taken_back_when_the_second_fails()
    {
        var before = _domain.ReadDefinition();
        var attached = 0;
        _domain.Before = call => ThrowWhen(call == "AttachLive" && ++attached == 2);

        await Assert.ThrowsAsync<AssignmentFailedException>(() => Apply(AssignPlan(Nic, Sound)));

        Assert.Equal(before, _domain.ReadDefinition());
        Assert.DoesNotContain("hostdev", _domain.ReadLive(), StringComparison.Ordinal);
        Assert.Equal(("e1000e", "snd_hda_intel"), (_domain.Drivers[Nic], _domain.Drivers[Sound]));
    }

    [Fact]
    public async Task Somebody_elses_change_of_the_definition_survives_the_undo()
    {
        var plan = AssignPlan();
        _domain.Before = call =>
        {
            if (call == "AttachLive")
            {
                _domain.ChangeByOthers("<description>new</description>");
                throw new PassthroughException("no");
            }
        };

        await Assert.ThrowsAsync<AssignmentFailedException>(() => Apply(plan));

        Assert.Contains("<description>new</description>", _domain.ReadDefinition(), StringComparison.Ordinal);
        Assert.DoesNotContain("hostdev", _domain.ReadDefinition(), StringComparison.Ordinal);
        Assert.DoesNotContain("Define", _domain.Calls);
    }

    [Fact]
    public async Task What_cannot_be_undone_is_said_and_kept_for_recovery()
    {
        _domain.Before = call => ThrowWhen(call is "AttachLive" or "ReturnToHost");

        var error = await Assert.ThrowsAsync<AssignmentFailedException>(() => Apply(AssignPlan()));

        Assert.Equal(AssignmentStepKind.DetachFromHost, Assert.Single(error.NotUndone).Kind);
        Assert.Contains("passthrough recover", error.Message, StringComparison.Ordinal);

        _domain.Before = _ => { };
        using var journal = AssignmentJournal.Open(_journal.FullName);
        var entry = Assert.Single(journal.ReadAll());
        Assert.Empty(await Executor().UndoAsync(journal, entry, new DefinitionTrail(entry.DefinitionBefore, entry.DefinitionLeft), null));
        Assert.Equal("e1000e", _domain.Drivers[Nic]);
        Assert.Empty(journal.ReadAll());
    }

    [Fact]
    public async Task A_device_of_its_own_group_is_left_to_libvirt_to_take_from_its_driver()
    {
        var plan = AssignmentPlanner.Assign([Nic], new HashSet<PciAddress>(), _domain, new DriverWatch(_domain, TimeProvider.System), [], Executor());
        Assert.Equal([AssignmentStepKind.AddToDefinition, AssignmentStepKind.AttachLive], plan.Steps.Select(step => step.Kind));
        await Apply(plan);
        Assert.Equal("vfio-pci", _domain.Drivers[Nic]);
    }

    [Fact]
    public async Task Cancelling_between_steps_takes_back_what_was_done()
    {
        using var cancel = new CancellationTokenSource();
        _domain.Before = call =>
        {
            if (call == "AddToDefinition")
            {
                cancel.Cancel();
            }
        };

        await Assert.ThrowsAsync<OperationCanceledException>(() => AssignPlan().ApplyAsync(null, cancel.Token));

        Assert.Equal("e1000e", _domain.Drivers[Nic]);
        Assert.DoesNotContain("hostdev", _domain.ReadDefinition(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_made_before_the_driver_changed_is_refused()
    {
        var plan = AssignPlan();
        _domain.Drivers[Nic] = "other";
        Assert.Contains("make a new plan", (await Assert.ThrowsAsync<StalePlanException>(() => Apply(plan))).Message, StringComparison.Ordinal);
        Assert.Empty(_domain.Calls);
    }

    [Fact]
    public async Task A_plan_made_before_the_definition_changed_is_refused()
    {
        var plan = AssignPlan();
        _domain.ChangeByOthers("<title>x</title>");
        await Assert.ThrowsAsync<StalePlanException>(() => Apply(plan));
        Assert.Empty(_domain.Calls);
    }

    [Fact]
    public async Task Two_programs_do_not_apply_plans_at_once()
    {
        using var other = AssignmentJournal.Open(_journal.FullName);
        var error = await Assert.ThrowsAsync<PassthroughException>(() => Apply(AssignPlan()));
        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
        Assert.Empty(_domain.Calls);
    }

    [Fact]
    public async Task Without_a_journal_nothing_is_done()
    {
        var blocked = Path.Combine(_journal.FullName, "file");
        await File.WriteAllTextAsync(blocked, "", TestContext.Current.CancellationToken);
        var options = new AssignmentOptions { JournalDirectory = Path.Combine(blocked, "journal") };
        var drivers = new DriverWatch(_domain, TimeProvider.System);
        var executor = new AssignmentExecutor(_domain, drivers, options, TimeProvider.System, NullLogger.Instance);
        var plan = AssignmentPlanner.Assign([Nic], new HashSet<PciAddress>(), _domain, drivers, [], executor);

        var error = await Assert.ThrowsAsync<PassthroughException>(() => Apply(plan));

        Assert.Contains(options.JournalDirectory, error.Message, StringComparison.Ordinal);
        Assert.Empty(_domain.Calls);
    }

    [Fact]
    public async Task A_journal_is_for_its_owner_only_since_definitions_hold_secrets()
    {
        UnixFileMode? mode = null;
        _domain.Before = _ => mode ??= _journal.EnumerateFiles("*.json").Single().UnixFileMode;
        await Apply(AssignPlan());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    [Fact]
    public async Task A_guest_that_does_not_let_go_is_said_so_and_keeps_the_device()
    {
        await Apply(AssignPlan());
        var before = _domain.ReadDefinition();
        _domain.GuestAnswers = false;

        var error = await Assert.ThrowsAsync<AssignmentFailedException>(() => Apply(ReleasePlan()));

        Assert.Contains("did not let go", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _domain.ReadDefinition());
        Assert.Contains("hostdev", _domain.ReadLive(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Releasing_gives_everything_back()
    {
        var before = _domain.ReadDefinition();
        await Apply(AssignPlan());

        await Apply(ReleasePlan());

        Assert.Equal(before, _domain.ReadDefinition());
        Assert.DoesNotContain("hostdev", _domain.ReadLive(), StringComparison.Ordinal);
        Assert.Equal("e1000e", _domain.Drivers[Nic]);
    }

    private static void ThrowWhen(bool condition)
    {
        if (condition)
        {
            throw new PassthroughException("broken on purpose");
        }
    }

    private Task Apply(AssignmentPlan plan) => plan.ApplyAsync(new Collect(_progress), TestContext.Current.CancellationToken);

    private AssignmentExecutor Executor() => new(
        _domain,
        new DriverWatch(_domain, TimeProvider.System),
        new AssignmentOptions { JournalDirectory = _journal.FullName, DriverTimeout = TimeSpan.FromMilliseconds(200) },
        TimeProvider.System,
        NullLogger.Instance);

    private AssignmentPlan AssignPlan(params PciAddress[] devices) =>
        AssignmentPlanner.Assign(devices.Length == 0 ? [Nic] : devices, new HashSet<PciAddress> { Nic, Sound }, _domain, new DriverWatch(_domain, TimeProvider.System), [], Executor());

    private AssignmentPlan ReleasePlan() =>
        AssignmentPlanner.Release([Nic], _domain, new DriverWatch(_domain, TimeProvider.System), [], Executor());

    private sealed class Collect(List<AssignmentProgress> into) : IProgress<AssignmentProgress>
    {
        public void Report(AssignmentProgress value) => into.Add(value);
    }
}
