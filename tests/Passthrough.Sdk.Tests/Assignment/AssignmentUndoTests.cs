using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Assignment;

/// <summary>What a release, an undo and a recovery do to the host, and above all what they leave alone.</summary>
public sealed class AssignmentUndoTests : IDisposable
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");

    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("passthrough-journal-");
    private readonly FakeDomain _domain = new() { Drivers = { [Nic] = "e1000e" }, Original = { [Nic] = "e1000e" } };
    private ValueList<Finding> _use = [];
    private ValueList<string> _accepted = [];

    public void Dispose() => _journal.Delete(recursive: true);

    [Fact]
    public async Task After_a_reboot_only_the_definition_is_taken_back()
    {
        Reserve();
        _domain.IsRunning = false;
        var before = _domain.ReadDefinition();
        await CutOff(AssignPlan, "AddToDefinition");
        AfterReboot();

        Assert.Empty(await Recover());

        Assert.Equal(before, _domain.ReadDefinition());
        Assert.Equal(("e1000e", null), State());
        Assert.Empty(_domain.Writes);
        Assert.Empty(Entries());
    }

    [Fact]
    public async Task After_a_reboot_a_device_that_came_back_is_not_plugged_in_again()
    {
        await Apply(AssignPlan());
        await CutOff(ReleasePlan, "DetachLiveAsync");
        AfterReboot();
        _domain.StartAfresh();

        Assert.Empty(await Recover());

        Assert.DoesNotContain("hostdev", _domain.ReadLive(), StringComparison.Ordinal);
        Assert.Equal(("e1000e", null), State());
        Assert.Empty(_domain.Writes);
    }

    [Fact]
    public async Task Another_device_at_the_address_is_left_alone_and_named()
    {
        Reserve();
        await CutOff(AssignPlan, "AttachLive");
        _domain.Class = "0x010802";
        _domain.Drivers[Nic] = "nvme";
        _domain.Overrides.Remove(Nic);

        var left = await Recover();

        Assert.Contains("the device at 0000:01:00.0 is not the one that was there", left[0].Reason, StringComparison.Ordinal);
        Assert.Contains("0x010802", left[0].Reason, StringComparison.Ordinal);
        Assert.Equal(("nvme", null), State());
        Assert.Empty(_domain.Writes);
        Assert.DoesNotContain("hostdev", _domain.ReadDefinition(), StringComparison.Ordinal);
        Assert.Single(Entries());
    }

    [Fact]
    public async Task A_release_does_not_take_a_device_from_a_driver_of_the_host_that_uses_it()
    {
        await ReserveAndRunAGuest();
        Mount();

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(ReleasePlan()));

        Assert.Contains("/srv is mounted", error.Message, StringComparison.Ordinal);
        Assert.Equal(("e1000e", null), State());
        Assert.Empty(_domain.Writes);
    }

    [Fact]
    public async Task A_release_takes_an_idle_device_back_to_where_it_was_reserved()
    {
        await ReserveAndRunAGuest();

        await Apply(ReleasePlan());

        Assert.Equal(("vfio-pci", "vfio-pci"), State());
    }

    [Fact]
    public async Task A_recovery_does_not_take_a_device_from_a_driver_of_the_host_that_uses_it()
    {
        Reserve();
        _domain.IsRunning = false;
        await CutOff(AssignPlan, "AddToDefinition");
        (_domain.Drivers[Nic], _) = ("e1000e", _domain.Overrides.Remove(Nic));
        Mount();

        Assert.Contains("/srv is mounted", Assert.Single(await Recover()).Reason, StringComparison.Ordinal);

        Assert.Equal(("e1000e", null), State());
        Assert.Empty(_domain.Writes);
    }

    [Fact]
    public async Task A_device_that_came_back_and_is_used_is_not_plugged_in_again()
    {
        await Apply(AssignPlan());
        _domain.Before = call => ThrowWhen(call == "RemoveFromDefinition");
        Mount();

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(ReleasePlan()));

        Assert.Contains(error.NotUndone, left => left.Reason.Contains("/srv is mounted", StringComparison.Ordinal));
        Assert.Equal(("e1000e", null), State());
    }

    [Fact]
    public async Task A_record_of_a_device_that_the_domain_does_not_list_any_more_is_not_used()
    {
        Reserve();
        _domain.IsRunning = false;
        await Apply(AssignPlan());
        _domain.Define(_domain.ReadDefinition().Replace("hostdev", "comment", StringComparison.Ordinal));
        (_domain.Drivers[Nic], _) = ("e1000e", _domain.Overrides.Remove(Nic));

        Assert.Empty(ReleasePlan().Steps);
    }

    [Theory]
    [InlineData(LibvirtErrorCode.OperationInvalid, false)]
    [InlineData(LibvirtErrorCode.InternalError, false)]
    [InlineData(LibvirtErrorCode.NoNodeDevice, true)]
    public async Task Libvirts_refusal_is_final_unless_it_does_not_know_the_device(LibvirtErrorCode code, bool goesOn)
    {
        _domain.Before = call =>
        {
            if (call == "AttachLive")
            {
                (_domain.Drivers[Nic], _domain.Overrides[Nic]) = ("vfio-pci", "vfio-pci");
                throw new PassthroughException("broken on purpose");
            }

            if (call == "ReturnToHost")
            {
                throw new LibvirtException("refused", code, LibvirtErrorDomain.Qemu, "refused");
            }
        };

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan()));

        Assert.Equal(goesOn, error.NotUndone.IsEmpty);
        Assert.Equal(goesOn ? "e1000e" : "vfio-pci", _domain.Drivers[Nic]);
        Assert.Equal(goesOn, _domain.Writes.Count > 0);
    }

    [Fact]
    public async Task A_device_that_another_domain_has_is_not_taken_back()
    {
        _domain.Before = call =>
        {
            if (call == "AttachLive")
            {
                (_domain.Drivers[Nic], _domain.Owner) = ("pciback", "vm2");
                throw new PassthroughException("broken on purpose");
            }
        };

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan()));

        Assert.Contains("the running domain vm2 owns 0000:01:00.0", Assert.Single(error.NotUndone).Reason, StringComparison.Ordinal);
        Assert.Equal("pciback", _domain.Drivers[Nic]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_release_takes_a_device_out_of_pcibacks_list_even_if_libvirt_has_returned_it(bool isReturned)
    {
        _domain.IsRunning = false;
        await Apply(AssignPlan());
        _domain.Slots.Add(Nic);
        (_domain.Drivers[Nic], _domain.Overrides[Nic]) = ("pciback", "pciback");
        if (isReturned)
        {
            _domain.ReturnToHost(Nic);
        }

        var plan = ReleasePlan();
        Assert.Contains(plan.Steps, step => step.Command.Contains($"echo {Nic} > /sys/bus/pci/drivers/pciback/remove_slot", StringComparison.Ordinal));
        await Apply(plan);

        Assert.Equal(("e1000e", null), State());
        Assert.Empty(_domain.Slots);
        Assert.DoesNotContain("hostdev", _domain.ReadDefinition(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.AccessDenied, true)]
    [InlineData(Errno.NotFound, false)]
    [InlineData(3, false)]
    public void A_process_whose_descriptors_cannot_be_read_may_be_a_holder(int errno, bool isUnknown)
    {
        _domain.HolderErrno = errno;

        var error = Record.Exception(() => Watch().HoldersOf(Nic));

        Assert.Equal(isUnknown, error is PassthroughException);
    }

    [Theory]
    [InlineData(Errno.AccessDenied, true)]
    [InlineData(Errno.IoError, true)]
    [InlineData(Errno.NotFound, false)]
    [InlineData(3, false)]
    public void A_descriptor_that_cannot_be_read_may_be_the_device(int errno, bool isUnknown)
    {
        (_domain.Holder, _domain.LinkErrno) = ("qemu-system-x86", errno);

        var error = Record.Exception(() => Watch().HoldersOf(Nic));

        Assert.Equal(isUnknown, error is PassthroughException);
        if (isUnknown)
        {
            Assert.Contains("/proc/4711/fd/3", error!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_record_is_not_valid_any_longer_when_the_release_that_used_it_up_is_done()
    {
        var records = Records();
        records.Keep(Nic, "vm1", "1", new("e1000e", null), isTakenByPlan: false);
        var entry = Path.Combine(_journal.FullName, "2.json");
        await File.WriteAllTextAsync(entry, "{}", TestContext.Current.CancellationToken);
        records.MarkReleased(Nic, "vm1", "2");
        Assert.NotNull(records.Find(Nic, "vm1")); // the release may still be undone

        File.Delete(entry); // and the program is killed before it removes the record
        Assert.Null(records.Find(Nic, "vm1"));
        Assert.Null(records.FindHint(Nic, "vm1"));
        records.RemoveStale();
        Assert.Empty(Directory.GetFiles(Path.Combine(_journal.FullName, "assigned")));
    }

    [Fact]
    public async Task A_managed_device_without_a_record_is_off_the_driver_for_guests_after_its_release()
    {
        AttachByHand();
        _domain.GivesBack = false; // libvirt could not

        await Apply(ReleasePlan());

        Assert.Equal("e1000e", _domain.Drivers[Nic]);
    }

    [Fact]
    public async Task A_managed_device_without_a_record_is_off_the_driver_for_guests_after_recovery_too()
    {
        AttachByHand();
        _domain.GivesBack = false;
        await CutOff(ReleasePlan, "DetachLiveAsync");
        _domain.IsRunning = false;

        Assert.Empty(await Recover());

        Assert.Equal("e1000e", _domain.Drivers[Nic]);
    }

    [Fact]
    public async Task What_was_reserved_in_an_earlier_boot_is_not_given_to_the_host()
    {
        Reserve();
        await Apply(AssignPlan());
        _domain.BootId = "boot-2";

        Assert.DoesNotContain(ReleasePlan().Steps, step => step.Kind == PlanStepKind.ReturnToHost);
    }

    [Fact]
    public async Task A_device_that_is_live_already_is_not_recorded_on_its_guests_driver()
    {
        AttachByHand();

        await Apply(AssignPlan());
        Assert.Null(Assert.Single(ReleasePlan().DevicesBefore).ReturnTo);
        await Apply(ReleasePlan());

        Assert.Equal(("e1000e", null), State());
    }

    [Fact]
    public async Task A_failed_plan_for_a_device_that_is_live_already_leaves_it_live()
    {
        AttachByHand();
        _domain.Before = call => ThrowWhen(call == "AddToDefinition");

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(AssignPlan()));

        Assert.Empty(error.NotUndone);
        Assert.Contains("hostdev", _domain.ReadLive(), StringComparison.Ordinal);
        Assert.Equal("vfio-pci", _domain.Drivers[Nic]);
    }

    [Fact]
    public void Each_domain_has_its_own_record_of_a_device()
    {
        var records = Records();
        records.Keep(Nic, "vm1", "1", new("e1000e", null), isTakenByPlan: false);
        records.Keep(Nic, "vm2/../x", "2", new("vfio-pci", "vfio-pci"), isTakenByPlan: false);

        Assert.Equal(("e1000e", "vfio-pci"), (records.Find(Nic, "vm1")?.Binding.Driver, records.Find(Nic, "vm2/../x")?.Binding.Driver));
        records.Forget(Nic, "vm1");
        Assert.Equal((null, "2"), (records.Find(Nic, "vm1")?.Entry, records.Find(Nic, "vm2/../x")?.Entry));
    }

    [Fact]
    public async Task A_release_that_ends_before_its_entry_is_removed_still_has_its_record()
    {
        await ReserveAndRunAGuest();
        _domain.AfterLastStep = () =>
        {
            // The entry cannot be removed any more: a directory stands in its place.
            var path = Entries().Single();
            File.Delete(path);
            Directory.CreateDirectory(Path.Combine(path, "full"));
        };

        await Assert.ThrowsAnyAsync<PassthroughException>(() => Apply(ReleasePlan()));

        Assert.NotNull(Records().Find(Nic, "vm1"));
    }

    [Fact]
    public async Task Recovery_waits_for_a_queued_change_of_a_domain_that_is_shut_off()
    {
        _domain.IsRunning = false;
        await CutOff(AssignPlan, "AddToDefinition");
        _domain.Calls.Clear();

        Assert.Empty(await Recover());

        Assert.Equal("WaitForEarlierChanges", _domain.Calls[0]);
    }

    [Fact]
    public async Task An_entry_stays_while_the_definition_is_not_as_before()
    {
        _domain.IsRunning = false;
        await CutOff(AssignPlan, "AddToDefinition");
        _domain.ChangeByOthers("<title>x</title>");
        _domain.KeepsDefinition = true;

        Assert.Contains("contains 0000:01:00.0", Assert.Single(await Recover()).Reason, StringComparison.Ordinal);
        Assert.Single(Entries());
    }

    [Fact]
    public async Task A_guest_that_was_asked_to_let_go_may_still_do_so_and_that_is_said()
    {
        await Apply(AssignPlan());
        _domain.GuestAnswers = false;

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(ReleasePlan()));

        Assert.Contains("every other change was undone, but the guest was asked to release 0000:01:00.0 and may still do so", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_step_that_was_not_tried_is_named()
    {
        await CutOff(AssignPlan, "AttachLive");
        _domain.Before = call => ThrowWhen(call == "WaitForEarlierChanges");

        var left = await Recover();

        Assert.Equal([PlanStepKind.AttachLive, PlanStepKind.AddToDefinition], left.Select(step => step.Step.Kind));
        Assert.All(left, step => Assert.Equal("broken on purpose", step.Reason));
    }

    [Theory]
    [InlineData(Errno.NotFound, false)]
    [InlineData(Errno.NoDevice, false)]
    [InlineData(Errno.IoError, null)]
    [InlineData(Errno.AccessDenied, null)]
    public void A_device_that_cannot_be_looked_for_is_not_absent(int errno, bool? isThere)
    {
        _domain.StatusErrno = errno;

        if (isThere is null)
        {
            Assert.Throws<PassthroughException>(() => Watch().IsThere(Nic));
        }
        else
        {
            Assert.Equal(isThere, Watch().IsThere(Nic));
        }
    }

    [Fact]
    public async Task A_program_that_runs_on_after_its_plan_does_not_hold_the_journal()
    {
        var path = Path.Combine(_journal.FullName, "lock");
        using (await OpenJournal())
        {
            Assert.Contains($"(process {Environment.ProcessId})", JournalHolder.Read(path), StringComparison.Ordinal);
        }

        Assert.Null(JournalHolder.Read(path));
        Assert.Equal("", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_holds_the_journal_is_named_once()
    {
        using var other = await OpenJournal();

        var error = await Assert.ThrowsAsync<PassthroughException>(() => Apply(AssignPlan()));

        Assert.EndsWith($"(process {Environment.ProcessId}) is applying a plan; wait for it, then try again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_goes_with_the_file_it_was_read_from_whatever_its_name()
    {
        await CutOff(AssignPlan, "AttachLive");
        File.Move(Entries().Single(), Path.Combine(_journal.FullName, "put-back-by-hand.json"));

        Assert.Empty(await Recover());

        Assert.Empty(Entries());
    }

    [Fact]
    public async Task A_cancelled_recovery_says_what_it_did()
    {
        await CutOff(AssignPlan, "AttachLive");
        var text = await File.ReadAllTextAsync(Entries().Single(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_journal.FullName, "older.json"), text, TestContext.Current.CancellationToken);
        using var journal = await OpenJournal();
        using var cancel = new CancellationTokenSource();
        var recovery = new JournalRecovery(
            journal,
            [
                new AssignmentRecovery(
                    _domain,
                    _ => [],
                    uri =>
                    {
                        cancel.Cancel();
                        throw new PassthroughException($"no {uri}");
                    },
                    Options,
                    TimeProvider.System,
                    NullLogger.Instance),
            ],
            NullLogger.Instance);

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => recovery.RunAsync(
            cancel.Token));

        Assert.Contains("cancelled after 1 of 2 unfinished plans", error.Message, StringComparison.Ordinal);
        Assert.Contains("not undone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_the_definition_whose_result_was_not_recorded_is_taken_back_byte_for_byte()
    {
        var sound = PciAddress.Parse("0000:00:1b.0");
        (_domain.Drivers[sound], _domain.Original[sound], _domain.IsRunning) = ("snd_hda_intel", "snd_hda_intel", false);
        await Apply(AssignmentPlanner.Assign(new AssignmentRequest(Nic, sound), [new PciDevice(Nic), new PciDevice(sound)], new HashSet<PciAddress>(), _domain, Watch(), [], Executor()));
        var before = _domain.ReadDefinition();
        var journal = ("", "");
        _domain.Before = call => journal = call == "RemoveFromDefinition" && journal.Item1.Length == 0 ? (Entries().Single(), File.ReadAllText(Entries().Single())) : journal;
        await Apply(AssignmentPlanner.Release(new ReleaseRequest(Nic, sound), [Nic, sound], _domain, Watch(), [], Executor()));
        _domain.Before = _ => { };

        // Killed in the first step: libvirt has done it, and its result is not in the journal.
        await File.WriteAllTextAsync(journal.Item1, journal.Item2, TestContext.Current.CancellationToken);
        _domain.AddToDefinition(DomainXml.HostdevOf(sound));
        Assert.NotEqual(before, _domain.ReadDefinition());
        Assert.Empty(await Recover());

        Assert.Equal(before, _domain.ReadDefinition());
    }

    [Fact]
    public async Task What_another_program_changed_meanwhile_is_not_taken_for_an_own_change()
    {
        _domain.IsRunning = false;
        await Apply(AssignPlan());
        await CutOff(ReleasePlan, "RemoveFromDefinition");
        _domain.ChangeByOthers("<title>x</title>");

        Assert.Empty(await Recover());

        Assert.Contains("<title>x</title>", _domain.ReadDefinition(), StringComparison.Ordinal);
        Assert.True(DomainXml.Asks(_domain.ReadDefinition(), Nic));
        Assert.DoesNotContain("Define", _domain.Calls);
    }

    [Fact]
    public async Task A_record_that_a_later_plan_changed_is_as_before_when_that_plan_is_undone()
    {
        await Apply(Assign(AssignmentScope.Definition));
        Assert.False(Records().Find(Nic, "vm1")!.IsTakenByPlan);

        _domain.Before = call => ThrowWhen(call == "AttachLive");
        await Assert.ThrowsAsync<PlanFailedException>(() => Apply(Assign(AssignmentScope.Both)));
        Assert.False(Records().Find(Nic, "vm1")!.IsTakenByPlan);

        _domain.Before = _ => { };
        await Apply(Assign(AssignmentScope.Both));
        Assert.True(Records().Find(Nic, "vm1") is { IsTakenByPlan: true, Binding.Driver: "e1000e" });

        AssignmentPlan Assign(AssignmentScope scope) => AssignmentPlanner.Assign(
            new AssignmentRequest(Nic) { Scope = scope }, [new PciDevice(Nic)], new HashSet<PciAddress> { Nic }, _domain, Watch(), [], Executor());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_that_the_definition_had_before_is_no_work_of_the_plan(bool isRemovedByHand)
    {
        _domain.IsRunning = false;
        await Apply(AssignPlan());
        _accepted = [FindingIds.DeviceIsBootDisplay];
        Finding display = new() { Id = FindingIds.DeviceIsBootDisplay, Severity = FindingSeverity.Error, Title = "the display", Remedy = "another device" };
        await CutOff(() => AssignmentPlanner.Assign(new AssignmentRequest(Nic), [new PciDevice(Nic)], new HashSet<PciAddress>(), _domain, Watch(), [display], Executor()), "SetAccepted");
        Assert.Equal(_accepted, _domain.Accepted);

        // Another program changes the definition before the recovery.
        if (isRemovedByHand)
        {
            _domain.RemoveFromDefinition(DomainXml.StoredOf(Nic, _domain.ReadDefinition()));
        }
        else
        {
            _domain.ChangeByOthers("<title>x</title>");
        }

        Assert.Empty(await Recover());
        Assert.Equal(!isRemovedByHand, DomainXml.Asks(_domain.ReadDefinition(), Nic));
        Assert.Empty(Entries());
    }

    private static void ThrowWhen(bool condition)
    {
        if (condition)
        {
            throw new PassthroughException("broken on purpose");
        }
    }

    private void Mount() => _use =
        [new() { Id = FindingIds.DeviceHoldsMountedFileSystem, Severity = FindingSeverity.Error, Title = "/srv is mounted", Remedy = "umount /srv" }];

    private void Reserve() => (_domain.Drivers[Nic], _domain.Overrides[Nic]) = ("vfio-pci", "vfio-pci");

    private void AttachByHand() => _domain.AttachLive(DomainXml.HostdevOf(Nic));

    // The guest ends and libvirt clears the override, whoever set it.
    private async Task ReserveAndRunAGuest()
    {
        Reserve();
        await Apply(AssignPlan());
        _domain.IsRunning = false;
        _domain.ReturnToHost(Nic);
    }

    private void AfterReboot()
    {
        _domain.BootId = "boot-2";
        _domain.Drivers[Nic] = "e1000e";
        _domain.Overrides.Remove(Nic);
    }

    // What a power cut in a step leaves: the journal as it stood when the step was begun, and the step's effects.
    private async Task CutOff(Func<AssignmentPlan> plan, string step)
    {
        var (path, text) = ("", "");
        _domain.Before = call =>
        {
            if (call == step)
            {
                path = Entries().Single();
                text = File.ReadAllText(path);
            }
        };
        await Apply(plan());
        _domain.Before = _ => { };
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
    }

    private async Task<ValueList<StepNotUndone>> Recover()
    {
        using var journal = await OpenJournal();
        var entry = Assert.Single(journal.Read().Entries);
        var undo = new AssignmentUndo(new DomainCalls(_domain, Options, TimeProvider.System), Watch(), Records(), Options, NullLogger.Instance);
        return await undo.UndoAsync(journal, entry, new DefinitionTrail(entry.DefinitionBefore, entry.DefinitionLeft), null);
    }

    private string[] Entries() => Directory.GetFiles(_journal.FullName, "*.json");

    private (string? Driver, string? DriverOverride) State() => (_domain.Drivers[Nic], _domain.Overrides.GetValueOrDefault(Nic));

    private PlanOptions Options => new()
    {
        JournalDirectory = _journal.FullName,
        Accepted = _accepted,
        DriverTimeout = TimeSpan.FromMilliseconds(200),
        JournalTimeout = TimeSpan.FromMilliseconds(200),
        UndoTimeout = TimeSpan.FromMilliseconds(200),
    };

    private Task<PlanJournal> OpenJournal() =>
        PlanJournal.OpenAsync(_journal.FullName, TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);

    private DriverWatch Watch() => new(_domain, TimeProvider.System, _ => _use);

    private BindingRecords Records() => new(_journal.FullName, _domain);

    private AssignmentExecutor Executor() => new(_domain, Watch(), Records(), () => [], Options, TimeProvider.System, NullLogger.Instance);

    private static Task Apply(AssignmentPlan plan) => plan.ApplyAsync(null, TestContext.Current.CancellationToken);

    private AssignmentPlan AssignPlan() => AssignmentPlanner.Assign(new AssignmentRequest(Nic), [new PciDevice(Nic)], new HashSet<PciAddress>(), _domain, Watch(), [], Executor());

    private AssignmentPlan ReleasePlan() => AssignmentPlanner.Release(new ReleaseRequest(Nic), [Nic], _domain, Watch(), [], Executor());
}
