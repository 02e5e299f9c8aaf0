using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Assignment;

public sealed class PlanTurnTests : IDisposable
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");

    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("passthrough-journal-");

    public void Dispose() => _journal.Delete(recursive: true);

    [Fact]
    public async Task A_guard_that_has_turned_refuses_and_leaves_the_journal_free()
    {
        var mounted = Finding(FindingIds.DeviceHoldsMountedFileSystem, FindingSeverity.Error);

        var error = await Assert.ThrowsAsync<PlanRefusedException>(() => Begin([mounted]));

        Assert.Equal([mounted], error.Findings);
        (await Begin([])).Dispose();
    }

    [Fact]
    public async Task What_protects_data_must_be_known_or_accepted_by_its_id()
    {
        var unknown = Finding(FindingIds.DeviceHoldsMountedFileSystem, FindingSeverity.Info) with { IsUndetermined = true };

        var error = await Assert.ThrowsAsync<PlanRefusedException>(() => Begin([unknown]));

        Assert.Contains($"accept {FindingIds.DeviceHoldsMountedFileSystem}", error.Message, StringComparison.Ordinal);
        (await Begin([unknown], FindingIds.DeviceHoldsMountedFileSystem)).Dispose();
    }

    [Fact]
    public async Task What_is_only_worth_knowing_need_not_be_known() =>
        (await Begin([Finding(FindingIds.DeviceNoReset, FindingSeverity.Info) with { IsUndetermined = true }])).Dispose();

    [Theory]
    [InlineData(FindingIds.DeviceNotFound)]
    [InlineData(FindingIds.DeviceMoved)]
    [InlineData(FindingIds.DeviceIsBridge)]
    [InlineData(FindingIds.DeviceInUseByDomain)]
    [InlineData(FindingIds.GroupNotViable)]
    [InlineData(FindingIds.PlanUnfinished)]
    public async Task What_cannot_be_accepted_is_refused_by_name(string id)
    {
        var error = await Assert.ThrowsAsync<PlanRefusedException>(() => Begin([Finding(id, FindingSeverity.Error)], id));

        Assert.Contains($"{id} cannot be accepted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_file_system_cannot_be_accepted()
    {
        var root = Finding(FindingIds.DeviceHoldsMountedFileSystem, FindingSeverity.Error) with { Evidence = [new("/proc/self/mountinfo", "/ (ext4 on sda1)")] };

        var error = await Assert.ThrowsAsync<PlanRefusedException>(() => Begin([root], root.Id));

        Assert.Contains("cannot be accepted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_folded_under_an_accepted_finding_is_not_accepted_with_it()
    {
        var swap = Finding(FindingIds.DeviceHoldsSwap, FindingSeverity.Error)
            with { Consequences = [Finding(FindingIds.DeviceHasOpenHandles, FindingSeverity.Info)] };

        await Assert.ThrowsAsync<PlanRefusedException>(() => Begin([swap], swap.Id));

        // Neither is a guard that could not be determined.
        var unknown = swap with { Consequences = [swap.Consequences[0] with { IsUndetermined = true }] };
        await Assert.ThrowsAsync<PlanRefusedException>(() => Begin([unknown], swap.Id));
        (await Begin([unknown], swap.Id, FindingIds.DeviceHasOpenHandles)).Dispose();
    }

    [Fact]
    public async Task Guards_that_do_not_answer_end_at_their_deadline_and_at_cancellation()
    {
        using var never = new ManualResetEventSlim();
        var options = new PlanOptions { JournalDirectory = _journal.FullName, LibvirtTimeout = TimeSpan.FromMilliseconds(100) };
        Task<PlanTurn> Ask(PlanOptions with, CancellationToken token) => PlanTurn.BeginAsync(
            new([Nic], "vm1", DomainUuid: null, () => { never.Wait(TestContext.Current.CancellationToken); return []; }), with, TimeProvider.System, token);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        var error = await Assert.ThrowsAsync<PassthroughException>(() => Ask(options, TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Ask(options with { LibvirtTimeout = TimeSpan.FromMinutes(5) }, cancelled.Token));

        Assert.Contains("could not be checked", error.Message, StringComparison.Ordinal);
        never.Set();
    }

    [Fact]
    public async Task Accepting_one_finding_accepts_no_other()
    {
        var swap = Finding(FindingIds.DeviceHoldsSwap, FindingSeverity.Error);

        var error = await Assert.ThrowsAsync<PlanRefusedException>(() =>
            Begin([Finding(FindingIds.DeviceHoldsMountedFileSystem, FindingSeverity.Error), swap], FindingIds.DeviceHoldsMountedFileSystem));

        Assert.Equal([swap], error.Findings);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\0\0\0\0", "is empty")]
    [InlineData("{ \"id\": \"1", "not a journal entry")]
    [InlineData("null", "not a journal entry")]
    [InlineData("{ \"format\": 99, \"id\": \"1\" }", "newer version")]
    public async Task An_entry_that_cannot_be_read_may_be_about_any_device(string content, string reason)
    {
        var path = Path.Combine(_journal.FullName, "torn.json");
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<PlanRefusedException>(() => Begin([]));

        Assert.Equal(FindingIds.PlanUnfinished, error.Findings[0].Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Findings[0].Title, Assert.Single(UnfinishedPlans.Peek(_journal.FullName, [Nic], null, null)).Title);
    }

    [Fact]
    public async Task The_second_program_waits_for_the_first()
    {
        var first = await Begin([]);
        var second = Begin([]);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);

        first.Dispose();

        (await second).Dispose();
    }

    [Fact]
    public void A_host_without_a_journal_has_no_unfinished_plan() =>
        Assert.Empty(UnfinishedPlans.Peek(Path.Combine(_journal.FullName, "none"), [Nic], "vm1", null));

    [Theory]
    [InlineData("vm1", "7b4d1a5e-0000-4000-8000-000000000001", true)]
    [InlineData("renamed", "7b4d1a5e-0000-4000-8000-000000000001", true)]
    [InlineData("vm1", "7b4d1a5e-0000-4000-8000-000000000002", false)]
    [InlineData("vm1", null, true)]
    [InlineData("vm2", null, false)]
    [InlineData(null, null, false)]
    public void A_domain_is_known_by_its_UUID_and_by_its_name_only_where_that_is_missing(string? name, string? uuid, bool blocks)
    {
        var entry = new JournalEntry
        {
            Id = "1",
            Connection = "qemu:///system",
            Domain = "vm1",
            DomainUuid = Guid.Parse("7b4d1a5e-0000-4000-8000-000000000001"),
            StartedAt = DateTimeOffset.UnixEpoch,
            Devices = [],
        };

        Assert.Equal(blocks, UnfinishedPlans.About([Nic], name, uuid is null ? null : Guid.Parse(uuid))(entry));
    }

    [Fact]
    public void An_id_that_no_finding_has_cannot_be_accepted() =>
        Assert.Contains("no.such-finding", Assert.Throws<ArgumentException>(() => PlanGuards.Check(["no.such-finding"])).Message, StringComparison.Ordinal);

    private static Finding Finding(string id, FindingSeverity severity) =>
        new() { Id = id, Severity = severity, Title = $"{Nic} has {id}", Remedy = "remedy", Evidence = [new("source", "value")] };

    private Task<PlanTurn> Begin(ValueList<Finding> findings, params string[] accepted) => PlanTurn.BeginAsync(
        new([Nic], "vm1", DomainUuid: null, () => findings),
        new PlanOptions { JournalDirectory = _journal.FullName, Accepted = [.. accepted] },
        TimeProvider.System,
        TestContext.Current.CancellationToken);
}
