using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Tests.Host;
using Passthrough.Sdk.Tests.Sysfs;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>The undo of changes from the journal: the order, the boot, the device that is there now, and what blocks another plan.</summary>
public sealed class ChangeUndoTests : IDisposable
{
    private const string Boot = "this-boot";
    private const string Rule = "/etc/udev/rules.d/10.rules";

    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");
    private static readonly HostChange Driver = new(PlanStepKind.BindDriver, Nic, "", "e1000e", "vfio-pci");
    private static readonly HostChange File = new(PlanStepKind.WriteRuleFile, Nic, Rule, null, "text");

    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("passthrough-journal-");
    private readonly MemorySysfs _sysfs = new MemorySysfs().Add("/proc/sys/kernel/random/boot_id", Boot);
    private readonly List<HostChange> _undone = [];
    private readonly ChangeSteps _steps;

    public ChangeUndoTests()
    {
        SetIdentity("0x10d3");
        _steps = new(new DriverStep(_undone), new FileStep(_undone));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _journal.Delete(recursive: true);

    [Fact]
    public async Task Steps_that_began_are_undone_the_last_first_and_the_entry_is_removed()
    {
        using var journal = await OpenAsync();
        var seen = new List<PlanProgress>();
        var entry = Written(journal, Boot, begun: 2, Driver, File, Driver);

        Assert.Empty(await Undo().UndoAsync(journal, entry, new OnProgress(seen.Add)));

        Assert.Equal([File, Driver], _undone);
        Assert.Equal([(2, PlanStepState.Undone), (1, PlanStepState.Undone)], seen.Select(progress => (progress.Step.Number, progress.State)));
        Assert.Empty(journal.Read().Entries);
    }

    [Fact]
    public async Task A_step_that_cannot_be_undone_stops_no_other_and_keeps_the_entry()
    {
        using var journal = await OpenAsync();
        var entry = Written(journal, Boot, begun: 2, Driver, File with { Name = FileStep.Fails });

        var left = Assert.Single(await Undo().UndoAsync(journal, entry, progress: null));

        Assert.Equal((2, "busy"), (left.Step.Number, left.Reason));
        Assert.Equal([Driver], _undone);
        Assert.Single(journal.Read().Entries);
    }

    [Fact]
    public async Task While_a_write_has_not_returned_nothing_that_began_is_undone()
    {
        using var journal = await OpenAsync();
        using var stuck = new StuckWrite(_sysfs);
        var sysfs = new AwaitedSysfs(stuck);
        var write = Task.Run(() => sysfs.TryWrite("/sys/bus/pci/drivers/e1000e/unbind", "0000:01:00.0"u8), Token);
        stuck.Reached.Wait(Token);
        var context = Context with { Sysfs = sysfs, Options = new PlanOptions { UndoTimeout = TimeSpan.Zero } };
        var entry = Written(journal, Boot, begun: 2, Driver, File);

        var left = await new ChangeUndo(_steps, context, NullLogger.Instance).UndoAsync(journal, entry, progress: null);

        Assert.Equal([2, 1], left.Select(step => step.Step.Number));
        Assert.All(left, step => Assert.StartsWith("a write to /sys/bus/pci/drivers/e1000e/unbind is still in progress", step.Reason, StringComparison.Ordinal));
        Assert.Empty(_undone);
        Assert.Single(journal.Read().Entries);

        // A plan of which nothing began has nothing to wait for.
        Assert.Empty(await new ChangeUndo(_steps, context, NullLogger.Instance).UndoAsync(journal, entry with { Begun = 0 }, progress: null));
        Assert.Empty(journal.Read().Entries);
        stuck.Release();
        await write;
    }

    [Fact]
    public async Task After_a_reboot_only_what_outlives_it_is_undone()
    {
        using var journal = await OpenAsync();

        Assert.Empty(await Undo().UndoAsync(journal, Written(journal, "earlier", begun: 2, Driver, File), progress: null));

        Assert.Equal([File], _undone);
        Assert.Empty(journal.Read().Entries);
    }

    [Theory]
    [InlineData("", "contains no boot id")]
    [InlineData(null, "contains no boot id")]
    [InlineData("earlier", "/proc/sys/kernel/random/boot_id cannot be read")]
    public async Task Without_a_boot_id_a_driver_is_left_to_the_user_and_a_file_is_undone(string? bootId, string reason)
    {
        using var journal = await OpenAsync();
        if (bootId is { Length: > 0 })
        {
            _sysfs.Deny("/proc/sys/kernel/random/boot_id");
        }

        var left = Assert.Single(await Undo().UndoAsync(journal, Written(journal, bootId, begun: 2, Driver, File), progress: null));

        Assert.Equal(1, left.Step.Number);
        Assert.Contains(reason, left.Reason, StringComparison.Ordinal);
        Assert.Contains($"check {Nic} by hand, then delete ", left.Reason, StringComparison.Ordinal);
        Assert.Equal([File], _undone);
    }

    [Fact]
    public async Task Another_device_at_the_address_is_left_unchanged()
    {
        using var journal = await OpenAsync();
        var entry = Written(journal, Boot, begun: 1, Driver);
        SetIdentity("0x1533");

        var left = Assert.Single(await Undo().UndoAsync(journal, entry, progress: null));

        Assert.StartsWith($"the device at {Nic} is not the one that was there when the plan began", left.Reason, StringComparison.Ordinal);
        Assert.Empty(_undone);
    }

    [Fact]
    public async Task A_device_that_is_gone_or_of_which_no_identity_was_kept_is_left_to_the_step()
    {
        using var journal = await OpenAsync();
        Assert.Empty(await Undo().UndoAsync(journal, Written(journal, Boot, begun: 1, Driver) with { Identities = [] }, progress: null));
        var entry = Written(journal, Boot, begun: 1, Driver);
        _sysfs.Deny($"/sys/bus/pci/devices/{Nic}", Errno.NotFound);
        Assert.Empty(await Undo().UndoAsync(journal, entry, progress: null));
        Assert.Equal([Driver, Driver], _undone);
    }

    [Fact]
    public async Task A_step_without_its_change_is_named()
    {
        using var journal = await OpenAsync();

        var left = Assert.Single(await Undo().UndoAsync(journal, Written(journal, Boot, begun: 2, Driver, File) with { Changes = [Driver] }, progress: null));

        Assert.Contains("does not contain the change of step 2", left.Reason, StringComparison.Ordinal);
        Assert.Equal([Driver], _undone);
    }

    [Theory]
    [InlineData(Boot, true, null)]
    [InlineData("", true, null)]
    [InlineData("earlier", true, "changes of files were undone, and if they took effect at this boot")]
    [InlineData("earlier", false, "the kernel had already forgotten what it changed")]
    public async Task Recovery_says_what_a_reboot_means_for_the_plan(string bootId, bool hasFile, string? note)
    {
        using var journal = await OpenAsync();
        var recovery = new ChangeRecovery(_steps, Context, NullLogger.Instance);
        var entry = hasFile ? Written(journal, bootId, begun: 2, Driver, File) : Written(journal, bootId, begun: 1, Driver);

        var outcome = await recovery.RecoverAsync(journal, entry, new PlanRecovery { JournalFile = "1.json" });

        Assert.True(recovery.Handles(entry));
        Assert.False(recovery.Handles(entry with { Changes = [] }));
        Assert.Equal(bootId.Length == 0, outcome.NotUndone.Count > 0);
        if (note is null)
        {
            Assert.Null(outcome.Note);
        }
        else
        {
            Assert.Contains(note, outcome.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_of_an_unfinished_plan_blocks_another_plan_for_it()
    {
        using var journal = await OpenAsync();
        var other = PciAddress.Parse("0000:02:00.0");
        var blocks = _steps.Blocking([other], [File with { Device = other }]);

        Assert.True(blocks(Written(journal, Boot, begun: 0, Driver, File)));
        Assert.False(blocks(Written(journal, Boot, begun: 0, Driver, File with { Name = "/etc/another" })));
        Assert.False(blocks(Written(journal, Boot, begun: 0, Driver with { Name = Rule }))); // the step does not name a file
        Assert.False(_steps.Blocking([other], [Driver with { Name = Rule }])(Written(journal, Boot, begun: 0, File)));
        Assert.True(_steps.Blocking([Nic], [])(Written(journal, Boot, begun: 0, Driver)));
    }

    [Fact]
    public void A_plan_is_named_by_its_devices_and_by_its_purpose_if_it_has_none()
    {
        Assert.Equal($"{Nic}, {Nic}", Work(Plan([Nic, Nic], [Driver])).Name);
        Assert.Equal("do it", Work(Plan([], [File])).Name);
    }

    [Fact]
    public void A_plan_no_longer_fits_if_its_changes_are_others_now_until_it_begins()
    {
        var unfinished = Warning(FindingIds.PlanUnfinished);
        var now = Plan([Nic], [Driver with { Before = "igb" }], Warning(FindingIds.DeviceNoReset), unfinished);
        var work = Work(Plan([Nic], [Driver]), now);
        var entry = work.Describe("1", DateTimeOffset.UnixEpoch);

        Assert.Contains("no longer fits the host", Assert.Throws<StalePlanException>(() => work.Subject.AskGuards()).Message, StringComparison.Ordinal);
        work.Begun(entry);

        Assert.Equal([FindingIds.DeviceNoReset], work.Subject.AskGuards().Select(finding => finding.Id)); // the engine asks the journal itself
        Assert.False(work.MayStillHappen(entry.Steps.FirstOrDefault()!, new IOException("busy")));
        Assert.Equal((Boot, "0x8086 0x10d3 ? ? ?"), (entry.BootId, Assert.Single(entry.Identities).Identity));
    }

    [Fact]
    public void Whether_it_is_the_same_boot_is_unknown_if_either_side_does_not_know()
    {
        var marks = new HostMarks(_sysfs);
        Assert.Equal((true, false, null, null), (marks.IsOfThisBoot(Boot), marks.IsOfThisBoot("earlier"), marks.IsOfThisBoot(""), marks.IsOfThisBoot(null)));
        Assert.Null(new HostMarks(new MemorySysfs()).IsOfThisBoot(""));
        Assert.Null(new HostMarks(new MemorySysfs()).IsOfThisBoot(Boot));
    }

    private ChangeContext Context => new(new AwaitedSysfs(_sysfs), "/", RunsCommands: false, _ => [], new PlanOptions(), TimeProvider.System);

    private static Finding Warning(string id) => new() { Id = id, Severity = FindingSeverity.Warning, Title = id, Remedy = "wait", Evidence = [] };

    private void SetIdentity(string device) =>
        _sysfs.Add($"/sys/bus/pci/devices/{Nic}/vendor", "0x8086").Add($"/sys/bus/pci/devices/{Nic}/device", device);

    private ChangeUndo Undo() => new(_steps, Context, NullLogger.Instance);

    private ChangeWork Work(DevicePlan plan, DevicePlan? now = null) => new(plan, _steps, Context, () => now ?? plan, NullLogger.Instance);

    private DevicePlan Plan(ValueList<PciAddress> devices, ValueList<HostChange> changes, params ValueList<Finding> findings) =>
        new(PlanKind.Persist, "do it", devices, changes, _steps, findings, [], (_, _, _) => Task.CompletedTask);

    private Task<PlanJournal> OpenAsync() => PlanJournal.OpenAsync(_journal.FullName, TimeSpan.FromSeconds(30), TimeProvider.System, Token);

    private JournalEntry Written(PlanJournal journal, string? bootId, int begun, params HostChange[] changes)
    {
        var entry = new JournalEntry
        {
            Id = "1",
            Kind = PlanKind.Persist,
            BootId = bootId,
            StartedAt = DateTimeOffset.UnixEpoch,
            Devices = [new(Nic, null, "")],
            Identities = [new(Nic, new HostMarks(_sysfs).IdentityOf(Nic))],
            LiveBefore = [],
            Changes = [.. changes],
            Steps = [.. _steps.Describe([.. changes])],
            Begun = begun,
        };
        journal.Write(entry);
        return entry;
    }

    private sealed class DriverStep(List<HostChange> undone) : ChangeStep
    {
        public override PlanStepKind Kind => PlanStepKind.BindDriver;

        public override PlanStep Describe(int number, HostChange change) => new(number, Kind, change.Device, "bind it", "bind it back", "echo");

        public override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task UndoAsync(HostChange change, ChangeContext context)
        {
            undone.Add(change);
            return Task.CompletedTask;
        }
    }

    private sealed class FileStep(List<HostChange> undone) : ChangeStep
    {
        public const string Fails = "/fails";

        public override PlanStepKind Kind => PlanStepKind.WriteRuleFile;

        public override bool OutlivesBoot => true;

        public override bool NamesSubject => true;

        public override PlanStep Describe(int number, HostChange change) => new(number, Kind, change.Device, "write it", "remove it", "tee");

        public override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task UndoAsync(HostChange change, ChangeContext context)
        {
            if (change.Name == Fails)
            {
                throw new IOException("busy");
            }

            undone.Add(change);
            return Task.CompletedTask;
        }
    }

    private sealed class StuckWrite(ISysfs inner) : DelegatingSysfs(inner), IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public ManualResetEventSlim Reached { get; } = new();

        public void Release() => _released.Set();

        public override int TryWrite(string path, ReadOnlySpan<byte> content)
        {
            Reached.Set();
            _released.Wait();
            return Errno.Success;
        }

        // The events themselves are left to whoever still waits for them.
        public void Dispose() => _released.Set();
    }
}
