using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Tests.Plans;

namespace Passthrough.Sdk.Tests.Assignment;

public sealed class AssignmentExecutorTests : IDisposable
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Sound = PciAddress.Parse("0000:00:1b.0");

    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("passthrough-journal-");
    private readonly FakeDomain _domain = new() { Drivers = { [Nic] = "e1000e", [Sound] = "snd_hda_intel" } };
    private readonly List<PlanProgress> _progress = [];
    private ValueList<Finding> _guards = [];
    private ValueList<string> _accepted = [];
    private TimeSpan _libvirtTimeout = TimeSpan.FromSeconds(30);

    public void Dispose() => _journal.Delete(recursive: true);

    [Fact]
    public async Task A_plan_gives_the_device_to_the_domain_and_leaves_no_journal()
    {
        await Apply(AssignPlan());

        Assert.Equal(["DetachFromHost", "AddToDefinition", "AttachLive"], _domain.Calls);
        Assert.Contains("0x01", _domain.ReadLive(), StringComparison.Ordinal);
        Assert.Equal("vfio-pci", _domain.Drivers[Nic]);
        Assert.Equal([(1, PlanStepState.Started), (1, PlanStepState.Done), (2, PlanStepState.Started), (2, PlanStepState.Done), (3, PlanStepState.Started), (3, PlanStepState.Done)],
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

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan()));

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

        await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan(Nic, Sound)));

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

        await Assert.ThrowsAsync<PlanFailedException>(() => Apply(plan));

        Assert.Contains("<description>new</description>", _domain.ReadDefinition(), StringComparison.Ordinal);
        Assert.DoesNotContain("hostdev", _domain.ReadDefinition(), StringComparison.Ordinal);
        Assert.DoesNotContain("Define", _domain.Calls);
    }

    [Fact]
    public async Task What_cannot_be_undone_is_said_and_kept_for_recovery()
    {
        _domain.Before = call => ThrowWhen(call is "AttachLive");
        _domain.Holder = "qemu-system-x86";

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan()));

        Assert.Equal(PlanStepKind.DetachFromHost, Assert.Single(error.NotUndone).Step.Kind);
        Assert.Contains("qemu-system-x86 (4711) still has 0000:01:00.0", error.NotUndone[0].Reason, StringComparison.Ordinal);
        Assert.Contains("PassthroughHost.RecoverAsync", error.Message, StringComparison.Ordinal);

        _domain.Before = _ => { };
        _domain.Holder = null;
        using var journal = await OpenJournal();
        var entry = Assert.Single(journal.Read().Entries);
        Assert.Empty(await Undo().UndoAsync(journal, entry, new DefinitionTrail(entry.DefinitionBefore, entry.DefinitionLeft), null));
        Assert.Equal("e1000e", _domain.Drivers[Nic]);
        Assert.Empty(journal.Read().Entries);
    }

    [Fact]
    public async Task A_device_of_its_own_group_is_left_to_libvirt_to_take_from_its_driver()
    {
        var plan = AssignmentPlanner.Assign(new AssignmentRequest(Nic), [new PciDevice(Nic)], new HashSet<PciAddress>(), _domain, new DriverWatch(_domain, TimeProvider.System, _ => []), [], Executor());
        Assert.Equal([PlanStepKind.AddToDefinition, PlanStepKind.AttachLive], plan.Steps.Select(step => step.Kind));
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
        using var other = await OpenJournal();
        var error = await Assert.ThrowsAsync<PassthroughException>(() => Apply(AssignPlan()));
        Assert.Contains($"(process {Environment.ProcessId})", error.Message, StringComparison.Ordinal);
        Assert.Empty(_domain.Calls);
    }

    [Fact]
    public async Task Without_a_journal_nothing_is_done()
    {
        var blocked = Path.Combine(_journal.FullName, "file");
        await File.WriteAllTextAsync(blocked, "", TestContext.Current.CancellationToken);
        var options = new PlanOptions { JournalDirectory = Path.Combine(blocked, "journal") };
        var drivers = new DriverWatch(_domain, TimeProvider.System, _ => []);
        var executor = Executor(options);
        var plan = AssignmentPlanner.Assign(new AssignmentRequest(Nic), [new PciDevice(Nic)], new HashSet<PciAddress>(), _domain, drivers, [], executor);

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

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(ReleasePlan()));

        Assert.Contains("did not release", error.Message, StringComparison.Ordinal);
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

    [Fact]
    public async Task A_guard_that_turned_between_plan_and_application_refuses_and_nothing_is_done()
    {
        var plan = AssignPlan();
        _guards = [new() { Id = FindingIds.DeviceHoldsMountedFileSystem, Severity = FindingSeverity.Error, Title = "mounted", Remedy = "umount" }];

        var error = await Assert.ThrowsAsync<PlanRefusedException>(() => Apply(plan));

        Assert.Equal(FindingIds.DeviceHoldsMountedFileSystem, error.Findings[0].Id);
        Assert.Empty(_domain.Calls);
        Assert.Empty(_journal.EnumerateFiles("*.json"));
    }

    [Fact]
    public async Task What_was_accepted_stands_in_the_journal()
    {
        _accepted = [FindingIds.DeviceHoldsSwap];
        _guards = [new() { Id = FindingIds.DeviceHoldsSwap, Severity = FindingSeverity.Error, Title = "swap", Remedy = "swapoff" }];
        var accepted = "";
        _domain.Before = _ => accepted = File.ReadAllText(_journal.EnumerateFiles("*.json").Single().FullName);

        await Apply(AssignPlanShowing(_guards));

        Assert.Contains($"\"{FindingIds.DeviceHoldsSwap}\"", accepted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_accepted_stands_in_the_definition_until_the_release()
    {
        var before = _domain.ReadDefinition();
        _accepted = [FindingIds.DeviceHoldsSwap, FindingIds.DeviceIsBootDisplay]; // the second was not found
        _guards = [new() { Id = FindingIds.DeviceHoldsSwap, Severity = FindingSeverity.Error, Title = "swap", Remedy = "swapoff" }];
        await Apply(AssignPlanShowing(_guards));

        Assert.Equal([FindingIds.DeviceHoldsSwap], AcceptedFindings.Read(_domain.ReadDefinition()));

        _guards = [];
        await Apply(ReleasePlan());
        Assert.Equal(before, _domain.ReadDefinition());
    }

    [Theory]
    [InlineData("SetAccepted")]
    [InlineData("AttachLive")]
    public async Task What_was_accepted_leaves_the_definition_with_the_undo(string failing)
    {
        var before = _domain.ReadDefinition();
        _accepted = [FindingIds.DeviceHoldsSwap];
        _guards = [new() { Id = FindingIds.DeviceHoldsSwap, Severity = FindingSeverity.Error, Title = "swap", Remedy = "swapoff" }];
        _domain.Before = call => ThrowWhen(call == failing);

        await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlanShowing(_guards)));

        Assert.Equal(before, _domain.ReadDefinition());
    }

    [Fact]
    public async Task What_was_accepted_counts_for_what_the_plan_showed_and_not_for_what_came_since()
    {
        _accepted = [FindingIds.DeviceHoldsSwap];
        var shown = new Finding { Id = FindingIds.DeviceHoldsSwap, Severity = FindingSeverity.Error, Title = "the host swaps to sda1", Remedy = "swapoff" };
        var plan = AssignPlanShowing([shown]);
        _guards = [shown with { Title = "the host swaps to sda2" }];

        var error = await Assert.ThrowsAsync<PlanRefusedException>(() => Apply(plan));

        Assert.Contains("differs from what was accepted", error.Message, StringComparison.Ordinal);
        Assert.Empty(_domain.Calls);
    }

    [Fact]
    public async Task Guards_are_asked_again_before_the_step_that_takes_the_device()
    {
        var plan = AssignPlan();
        Assert.Equal(PlanStepKind.AttachLive, plan.Steps[^1].Kind);
        _domain.Before = _ => _guards = [new() { Id = FindingIds.DeviceHoldsSwap, Severity = FindingSeverity.Error, Title = "swap", Remedy = "swapoff" }];
        var before = _domain.ReadDefinition();

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(plan));

        Assert.IsType<PlanRefusedException>(error.InnerException);
        Assert.Empty(error.NotUndone);
        Assert.Equal(before, _domain.ReadDefinition());
        Assert.DoesNotContain(_domain.Calls, call => call.StartsWith("AttachLive", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_domain_that_was_shut_off_meanwhile_makes_the_plan_stale()
    {
        var plan = AssignPlan();
        _domain.IsRunning = false;

        var error = await Assert.ThrowsAsync<StalePlanException>(() => Apply(plan));

        Assert.Contains("is now shut off", error.Message, StringComparison.Ordinal);
        Assert.Empty(_domain.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_new_begins_on_the_device_or_the_domain_of_an_unfinished_plan(bool sameDevice)
    {
        _domain.Before = call => ThrowWhen(call == "AttachLive");
        _domain.Holder = "qemu-system-x86";
        await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan()));
        _domain.Before = _ => { };
        _domain.Calls.Clear();

        var error = await Assert.ThrowsAsync<PlanRefusedException>(() => Apply(AssignPlan(sameDevice ? Nic : Sound)));

        Assert.Equal(FindingIds.PlanUnfinished, error.Findings[0].Id);
        Assert.Contains("vm1 with 0000:01:00.0, begun 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("RecoverAsync", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AddToDefinition", _domain.Calls);
    }

    [Theory]
    [InlineData("vfio-pci", "vfio-pci")]
    [InlineData(null, "pci-stub")]
    [InlineData("e1000e", "e1000e")]
    [InlineData("e1000e", null)]
    public async Task Driver_and_override_of_the_administrator_come_back_exactly(string? driver, string? driverOverride)
    {
        _domain.Original[Nic] = "e1000e";
        Set(driver, driverOverride);

        await Apply(AssignPlan(sharing: false, Nic));
        await Apply(ReleasePlan());
        Assert.Equal((driver, driverOverride), State());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_journal.FullName, "assigned")));

        // The same when the plan fails after the attach, and libvirt had cleared the override.
        var attached = 0;
        _domain.Before = call => ThrowWhen(call == "AttachLive" && ++attached == 2);
        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan(sharing: false, Nic, Sound)));
        Assert.Empty(error.NotUndone);
        Assert.Equal((driver, driverOverride), State());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_journal.FullName, "assigned")));
    }

    [Fact]
    public async Task Releasing_what_the_domain_never_had_touches_nothing()
    {
        Set("vfio-pci", "vfio-pci");

        var plan = ReleasePlan();
        await Apply(plan);

        Assert.Empty(plan.Steps);
        Assert.Empty(_domain.Calls);
        Assert.Empty(_domain.Writes);
        Assert.Equal(("vfio-pci", "vfio-pci"), State());
    }

    [Fact]
    public async Task A_record_of_another_boot_does_not_count()
    {
        Set("e1000e", "e1000e");
        _domain.Original[Nic] = "e1000e";
        await Apply(AssignPlan(sharing: false, Nic));
        _domain.BootId = "boot-2";

        Assert.Null(Assert.Single(ReleasePlan().DevicesBefore).ReturnTo);
    }

    [Fact]
    public async Task An_undo_that_libvirt_does_not_do_is_done_in_the_kernels_files()
    {
        // As after libvirtd was killed in the middle of an attach: it does not know the device, the kernel has it on vfio-pci.
        _domain.Before = call =>
        {
            if (call == "AttachLive")
            {
                _domain.Drivers[Nic] = "vfio-pci";
                _domain.Overrides[Nic] = "vfio-pci";
            }

            ThrowWhen(call is "AttachLive");
            if (call == "ReturnToHost")
            {
                throw new LibvirtException("no such node", LibvirtErrorCode.NoNodeDevice, LibvirtErrorDomain.Nodedev, "no such node");
            }
        };
        _domain.Original[Nic] = "e1000e";

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan(sharing: false, Nic)));

        Assert.Empty(error.NotUndone);
        Assert.Equal(("e1000e", null), State());
        Assert.Empty(_journal.EnumerateFiles("*.json"));
    }

    [Fact]
    public async Task A_call_that_libvirt_does_not_answer_ends_the_plan_and_stays_in_the_journal()
    {
        _libvirtTimeout = TimeSpan.FromMilliseconds(300);
        using var answer = new ManualResetEventSlim();
        _domain.Before = call =>
        {
            if (call == "AttachLive")
            {
                answer.Wait(TestContext.Current.CancellationToken);
            }
        };
        try
        {
            var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan(sharing: false, Nic)));

            Assert.IsType<LibvirtTimeoutException>(error.InnerException);
            Assert.NotEmpty(error.NotUndone);
            Assert.Contains("still in progress", error.Message, StringComparison.Ordinal);
            Assert.Contains("RecoverAsync", error.Message, StringComparison.Ordinal);
            Assert.Single(_journal.EnumerateFiles("*.json"));
        }
        finally
        {
            answer.Set();
        }
    }

    [Fact]
    public async Task Cancelling_while_libvirt_works_waits_for_its_end_and_takes_it_back()
    {
        using var cancel = new CancellationTokenSource();
        _domain.Original[Nic] = "e1000e";
        _domain.Before = call =>
        {
            if (call == "AttachLive")
            {
                cancel.Cancel();
                Thread.Sleep(50);
            }
        };

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => AssignPlan(sharing: false, Nic).ApplyAsync(null, cancel.Token));

        Assert.Contains("every change was undone", error.Message, StringComparison.Ordinal);
        Assert.Contains("DetachLiveAsync", _domain.Calls);
        Assert.Equal(("e1000e", null), State());
        Assert.Empty(_journal.EnumerateFiles("*.json"));
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_end_a_plan()
    {
        await AssignPlan().ApplyAsync(new Failing(), TestContext.Current.CancellationToken);

        Assert.Contains("hostdev", _domain.ReadLive(), StringComparison.Ordinal);
    }

    private static void ThrowWhen(bool condition)
    {
        if (condition)
        {
            throw new PassthroughException("broken on purpose");
        }
    }

    private Task Apply(AssignmentPlan plan) => plan.ApplyAsync(new OnProgress(_progress.Add), TestContext.Current.CancellationToken);

    private PlanOptions Options => new()
    {
        JournalDirectory = _journal.FullName,
        DriverTimeout = TimeSpan.FromMilliseconds(200),
        JournalTimeout = TimeSpan.FromMilliseconds(200),
        LibvirtTimeout = _libvirtTimeout,
        UndoTimeout = TimeSpan.FromMilliseconds(200),
        Accepted = _accepted,
    };

    private Task<PlanJournal> OpenJournal() =>
        PlanJournal.OpenAsync(_journal.FullName, TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);

    private AssignmentUndo Undo() => new(
        new DomainCalls(_domain, Options, TimeProvider.System), new DriverWatch(_domain, TimeProvider.System, _ => []), new BindingRecords(_journal.FullName, _domain), Options, NullLogger.Instance);

    private AssignmentExecutor Executor(PlanOptions? options = null) => new(
        _domain,
        new DriverWatch(_domain, TimeProvider.System, _ => []),
        new BindingRecords(_journal.FullName, _domain),
        () => _guards,
        options ?? Options,
        TimeProvider.System,
        NullLogger.Instance);

    private (string? Driver, string? DriverOverride) State() => (_domain.Drivers[Nic], _domain.Overrides.GetValueOrDefault(Nic));

    private void Set(string? driver, string? driverOverride)
    {
        _domain.Drivers[Nic] = driver;
        if (driverOverride is not null)
        {
            _domain.Overrides[Nic] = driverOverride;
        }
    }

    private AssignmentPlan AssignPlanShowing(ValueList<Finding> findings) =>
        AssignmentPlanner.Assign(new AssignmentRequest(Nic), [new PciDevice(Nic)], new HashSet<PciAddress>(), _domain, new DriverWatch(_domain, TimeProvider.System, _ => []), findings, Executor());

    private AssignmentPlan AssignPlan(params PciAddress[] devices) => AssignPlan(sharing: true, devices);

    private AssignmentPlan AssignPlan(bool sharing, params PciAddress[] devices) =>
        AssignmentPlanner.Assign(
            new AssignmentRequest(devices.Length == 0 ? [Nic] : devices),
            [.. (devices.Length == 0 ? [Nic] : devices).Distinct().Select(device => new PciDevice(device))],
            sharing ? new HashSet<PciAddress> { Nic, Sound } : [],
            _domain, new DriverWatch(_domain, TimeProvider.System, _ => []), [], Executor());

    private AssignmentPlan ReleasePlan() =>
        AssignmentPlanner.Release(new ReleaseRequest(Nic), [Nic], _domain, new DriverWatch(_domain, TimeProvider.System, _ => []), [], Executor());

    private sealed class Failing : IProgress<PlanProgress>
    {
        public void Report(PlanProgress value) => throw new IOException("the listener is gone");
    }
}
