using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>The journal by itself: its files, its lock, what cannot be read, and recovery over several entries.</summary>
public sealed class JournalTests : IDisposable
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("passthrough-journal-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_temporary.FullName, "journal");

    public void Dispose() => _temporary.Delete(recursive: true);

    [Fact]
    public async Task Entries_are_read_the_newest_first_until_they_are_removed()
    {
        using var journal = await OpenAsync();
        journal.Write(Entry("1", day: 1));
        journal.Write(Entry("3", day: 3));
        journal.Write(Entry("2", day: 2));

        var read = journal.Read();

        Assert.Equal(["3", "2", "1"], read.Entries.Select(entry => entry.Id));
        Assert.Equal(Path.Combine(Folder, "3.json"), read.Entries[0].Path);
        Assert.Empty(read.Unreadable);
        Assert.Null(read.Holder);
        journal.Remove(read.Entries[1]);
        Assert.Equal(["3", "1"], journal.Read().Entries.Select(entry => entry.Id));
    }

    [Fact]
    public async Task What_the_journal_keeps_is_for_its_owner_only()
    {
        using var journal = await OpenAsync();
        journal.Write(Entry("1"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, "1.json")));
    }

    [Fact]
    public async Task Where_a_file_stands_no_journal_can_be_kept()
    {
        await File.WriteAllTextAsync(Folder, "", Token);

        var error = await Assert.ThrowsAsync<PassthroughException>(OpenAsync);

        Assert.StartsWith($"cannot keep a journal in {Folder}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("run as root or choose another directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_lock_is_a_directory_nothing_is_changed()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "lock"));

        var error = await Assert.ThrowsAsync<PassthroughException>(OpenAsync);

        Assert.Contains(Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_the_journal_gives_up_after_the_timeout_or_when_cancelled()
    {
        using var first = await OpenAsync();
        using var cancelled = new CancellationTokenSource();
        var second = PlanJournal.OpenAsync(Folder, TimeSpan.FromMinutes(5), TimeProvider.System, cancelled.Token);

        var error = await Assert.ThrowsAsync<PassthroughException>(() => PlanJournal.OpenAsync(Folder, TimeSpan.FromMilliseconds(200), TimeProvider.System, Token));

        Assert.StartsWith($"cannot lock the journal {Folder} within 0.2 s: ", error.Message, StringComparison.Ordinal);
        Assert.False(second.IsCompleted);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public async Task A_look_without_the_lock_names_who_holds_it()
    {
        Assert.Equal((0, 0, null), Said(PlanJournal.Peek(Folder)));

        using (var journal = await OpenAsync())
        {
            journal.Write(Entry("1"));

            Assert.Contains($"(process {Environment.ProcessId})", PlanJournal.Peek(Folder).Holder, StringComparison.Ordinal);
        }

        Assert.Equal((1, 0, null), Said(PlanJournal.Peek(Folder)));
    }

    [Theory]
    [InlineData("", "it is empty", false)]
    [InlineData(" \n\0", "it is empty", false)]
    [InlineData("[]", "it is not a journal entry", false)]
    [InlineData("{ \"format\": 5 }", "it is not a journal entry: ", false)]
    [InlineData("{ \"format\": \"many\", \"id\": \"1\" }", "it is not a journal entry: ", false)]
    [InlineData("{ \"format\": 6 }", "a newer version wrote it (format 6; this version reads formats up to 5)", true)]
    public async Task What_is_not_an_entry_of_this_version_is_told_apart(string content, string reason, bool isNewer)
    {
        using var journal = await OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "1.json"), content, Token);
        await File.WriteAllTextAsync(Path.Combine(Folder, "notes.txt"), content, Token);

        var unreadable = Assert.Single(journal.Read().Unreadable);

        Assert.Equal((Path.Combine(Folder, "1.json"), isNewer, !isNewer), (unreadable.Path, unreadable.IsNewer, unreadable.IsBroken));
        Assert.StartsWith(reason, unreadable.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recovery_keeps_what_is_broken_aside_and_leaves_what_is_newer()
    {
        using var journal = await OpenAsync();
        var (broken, newer) = (Path.Combine(Folder, "1.json"), Path.Combine(Folder, "2.json"));
        await File.WriteAllTextAsync(broken, "torn", Token);
        await File.WriteAllTextAsync(newer, "{ \"format\": 99 }", Token);

        var outcomes = (await new JournalRecovery(journal, [], NullLogger.Instance).RunAsync(Token)).ToDictionary(outcome => outcome.JournalFile, outcome => outcome.Problem);

        var aside = Path.Combine(Folder, "unreadable", "1.json");
        Assert.Contains($"it is kept as {aside}. Its plan is unknown", outcomes[broken], StringComparison.Ordinal);
        Assert.Equal("torn", await File.ReadAllTextAsync(aside, Token));
        Assert.False(File.Exists(broken));
        Assert.EndsWith("recover with that version", outcomes[newer], StringComparison.Ordinal);
        Assert.True(File.Exists(newer));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(Folder, "unreadable")));
    }

    [Fact]
    public async Task One_entry_that_cannot_be_undone_does_not_stop_the_others()
    {
        using var journal = await OpenAsync();
        journal.Write(Entry("1", day: 1));
        journal.Write(Entry("2", day: 2) with { Domain = "", Parts = [Entry("2a") with { Domain = "vm2" }, Entry("2b") with { Domain = "vm3" }] });

        var outcomes = await new JournalRecovery(journal, [new Kind("2", new IOException("no answer")), new Kind("1")], NullLogger.Instance).RunAsync(Token);

        Assert.Equal([("2.json", false), ("1.json", true)], outcomes.Select(outcome => (Path.GetFileName(outcome.JournalFile), outcome.IsComplete)));
        Assert.Equal("no answer; fix the cause, then recover again", outcomes[0].Problem);
        Assert.Null(outcomes[0].Domain);
        Assert.Equal(["vm2", "vm3"], outcomes[0].Domains);
        Assert.Equal(("vm1", PlanKind.Assign, DateTimeOffset.UnixEpoch.AddDays(1)), (outcomes[1].Domain, outcomes[1].Kind, outcomes[1].StartedAt));
        Assert.Equal(["vm1"], outcomes[1].Domains);
        Assert.Equal([Nic], outcomes[1].Devices);
    }

    [Fact]
    public async Task A_recovery_that_is_cancelled_at_once_changes_nothing()
    {
        using var journal = await OpenAsync();
        journal.Write(Entry("1"));

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => new JournalRecovery(journal, [new Kind("1")], NullLogger.Instance).RunAsync(new(canceled: true)));

        Assert.Equal("recovery was cancelled before the first unfinished plan; nothing was changed", error.Message);
    }

    [Fact]
    public async Task A_recovery_that_is_cancelled_later_says_what_is_undone_and_what_is_not()
    {
        using var journal = await OpenAsync();
        journal.Write(Entry("1", day: 1));
        journal.Write(Entry("2", day: 2));
        using var cancel = new CancellationTokenSource();

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => new JournalRecovery(journal, [new Kind("2", then: cancel.Cancel)], NullLogger.Instance).RunAsync(cancel.Token));

        Assert.Equal(
            $"recovery was cancelled after 1 of 2 unfinished plans ({Path.Combine(Folder, "2.json")} is undone); the others were not touched: recover again", error.Message);
    }

    [Fact]
    public async Task An_unfinished_plan_is_a_finding_that_says_how_far_it_went_and_the_way_out()
    {
        using var journal = await OpenAsync();
        journal.Write(Entry("1") with { Begun = 1, Steps = [new(1, PlanStepKind.BindDriver, Nic, "bind", "unbind", "bind"), new(2, PlanStepKind.BindDriver, Nic, "bind", "unbind", "bind")] });

        var finding = Assert.Single(UnfinishedPlans.Find(journal.Read(), _ => true));

        Assert.Equal((FindingIds.PlanUnfinished, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Equal("a plan for vm1 with 0000:01:00.0, begun 1970-01-02 00:00:00 UTC, is not finished", finding.Title);
        Assert.Equal("undo it (PassthroughHost.RecoverAsync), then make the plan again", finding.Remedy);
        Assert.Equal([new Evidence(Path.Combine(Folder, "1.json"), "1 of 2 steps begun")], finding.Evidence);
        Assert.Equal([Nic], finding.Devices);
        Assert.Empty(UnfinishedPlans.Find(journal.Read(), _ => false));
        Assert.StartsWith("wait for ", Assert.Single(UnfinishedPlans.Peek(Folder, [Nic], null, null)).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unfinished_change_of_the_boot_files_has_its_own_way_out()
    {
        using var journal = await OpenAsync();
        journal.Write(Entry("1") with { Boot = new("000001-x", ["/etc/default/grub"]), Devices = [] });

        Assert.Contains("PlanBootRevert", Assert.Single(UnfinishedPlans.Find(journal.Read(), _ => true)).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_of_a_newer_version_is_undone_with_that_version()
    {
        using var journal = await OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "1.json"), "{ \"format\": 99 }", Token);

        var finding = Assert.Single(UnfinishedPlans.Find(journal.Read(), _ => false));

        Assert.Equal("undo it with the newer version that wrote it", finding.Remedy);
        Assert.Equal(FindingSeverity.Error, finding.Severity);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_leaves_it_open_whether_a_plan_is_unfinished()
    {
        await File.WriteAllTextAsync(Folder, "", Token);

        var finding = Assert.Single(UnfinishedPlans.Peek(Folder, [Nic], "vm1", null));

        Assert.True(finding.IsUndetermined);
        Assert.Equal((FindingIds.PlanUnfinished, FindingSeverity.Info), (finding.Id, finding.Severity));
        Assert.Equal([Nic], finding.Devices);
    }

    [Fact]
    public void A_plan_is_about_its_parts_too()
    {
        var combined = Entry("1") with { Domain = "", Devices = [], Parts = [Entry("2") with { Domain = "vm2" }] };

        Assert.True(UnfinishedPlans.About([], "vm2", null)(combined));
        Assert.False(UnfinishedPlans.About([], "vm3", null)(combined));
        Assert.True(UnfinishedPlans.About([Nic], null, null)(Entry("3")));
        Assert.False(UnfinishedPlans.About([PciAddress.Parse("0000:02:00.0")], null, null)(Entry("3")));
    }

    [Fact]
    public async Task A_broken_entry_has_the_way_out_of_this_version()
    {
        using var journal = await OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "1.json"), "", Token);

        Assert.Equal("undo it (PassthroughHost.RecoverAsync), then make the plan again", Assert.Single(UnfinishedPlans.Find(journal.Read(), _ => false)).Remedy);
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_is_neither_broken_nor_moved()
    {
        using var journal = await OpenAsync();
        var path = Path.Combine(Folder, "1.json");
        File.CreateSymbolicLink(path, path);

        var unreadable = Assert.Single(journal.Read().Unreadable);
        var outcome = Assert.Single(await new JournalRecovery(journal, [], NullLogger.Instance).RunAsync(Token));

        Assert.Equal((false, false), (unreadable.IsNewer, unreadable.IsBroken));
        Assert.Equal($"it cannot be read: {unreadable.Reason}; run as root", outcome.Problem);
        Assert.Equal(path, new FileInfo(path).LinkTarget);
    }

    [Fact]
    public async Task A_broken_entry_that_cannot_be_kept_aside_is_left_to_the_user()
    {
        using var journal = await OpenAsync();
        var path = Path.Combine(Folder, "1.json");
        await File.WriteAllTextAsync(path, "torn", Token);
        await File.WriteAllTextAsync(Path.Combine(Folder, "unreadable"), "", Token);

        var outcome = Assert.Single(await new JournalRecovery(journal, [], NullLogger.Instance).RunAsync(Token));

        Assert.Contains("it cannot be renamed either (", outcome.Problem, StringComparison.Ordinal);
        Assert.EndsWith("): check it, then delete it by hand", outcome.Problem, StringComparison.Ordinal);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task The_last_broken_entry_of_a_name_is_kept()
    {
        using var journal = await OpenAsync();
        foreach (var content in (string[])["torn", "torn again"])
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, "1.json"), content, Token);
            await new JournalRecovery(journal, [], NullLogger.Instance).RunAsync(Token);
        }

        Assert.Equal("torn again", await File.ReadAllTextAsync(Path.Combine(Folder, "unreadable", "1.json"), Token));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_undone_is_logged()
    {
        using var journal = await OpenAsync();
        journal.Write(Entry("1"));
        var log = new FakeLogger();
        var error = new IOException("no answer");

        await new JournalRecovery(journal, [new Kind("1", error)], log).RunAsync(Token);

        Assert.Equal((306, error), (log.LatestRecord.Id.Id, log.LatestRecord.Exception));
    }

    [Fact]
    public async Task A_lock_that_cannot_be_opened_is_not_one_that_another_program_holds()
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, "lock");
        File.CreateSymbolicLink(path, path);

        var error = await Assert.ThrowsAsync<PassthroughException>(OpenAsync);

        Assert.StartsWith($"cannot lock the journal {Folder}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Without the lock, nothing is changed.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_for_the_journal_does_not_wait()
    {
        using var first = await OpenAsync();
        await Assert.ThrowsAsync<PassthroughException>(() => PlanJournal.OpenAsync(Folder, TimeSpan.Zero, new FakeTimeProvider(), Token).WaitAsync(TimeSpan.FromMinutes(1), Token));
    }

    [Fact]
    public async Task Who_is_cancelled_does_not_take_a_free_lock()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PlanJournal.OpenAsync(Folder, TimeSpan.Zero, TimeProvider.System, new(canceled: true)));
        Assert.False(File.Exists(Path.Combine(Folder, "lock")));
    }

    [Fact]
    public async Task A_journal_whose_directory_is_gone_says_so()
    {
        using var journal = await OpenAsync();
        Directory.Delete(Folder, recursive: true);

        var write = Assert.Throws<PassthroughException>(() => journal.Write(Entry("1")));
        Assert.StartsWith("cannot write the journal: ", write.Message, StringComparison.Ordinal);
        Assert.EndsWith("Without it, nothing is changed.", write.Message, StringComparison.Ordinal);
        var read = Assert.Throws<PassthroughException>(() => journal.Read());
        Assert.StartsWith($"cannot read the journal {Folder}: ", read.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lock_is_signed_with_the_process_and_the_time_at_which_it_began()
    {
        using var file = new MemoryStream();
        file.Write(new byte[1000]); // what an earlier program left
        file.Position = 0;

        JournalHolder.Write(file);

        var stat = await File.ReadAllTextAsync("/proc/self/stat", Token);
        var start = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19]; // proc(5): field 22
        Assert.Equal($"{Environment.ProcessId} {start} {AppDomain.CurrentDomain.FriendlyName}\n", System.Text.Encoding.UTF8.GetString(file.ToArray()));
    }

    private static JournalEntry Entry(string id, int day = 1) => new()
    {
        Id = id,
        Kind = PlanKind.Assign,
        Domain = "vm1",
        StartedAt = DateTimeOffset.UnixEpoch.AddDays(day),
        Devices = [new AssignedDevice(Nic, "e1000e", "<hostdev/>")],
        Identities = [],
        LiveBefore = [],
    };

    private static (int Entries, int Unreadable, string? Holder) Said(JournalContent content) => (content.Entries.Length, content.Unreadable.Length, content.Holder);

    private Task<PlanJournal> OpenAsync() => PlanJournal.OpenAsync(Folder, TimeSpan.FromSeconds(30), TimeProvider.System, Token);

    private sealed class Kind(string id, Exception? error = null, Action? then = null) : IEntryRecovery
    {
        public bool Handles(JournalEntry entry) => entry.Id == id;

        public Task<PlanRecovery> RecoverAsync(PlanJournal journal, JournalEntry entry, PlanRecovery outcome)
        {
            then?.Invoke();
            return error is null ? Task.FromResult(outcome) : throw error;
        }
    }
}
