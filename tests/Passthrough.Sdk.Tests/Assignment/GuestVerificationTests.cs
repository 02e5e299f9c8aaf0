using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Tests.Libvirt;
using Passthrough.Sdk.Tests.Plans;

namespace Passthrough.Sdk.Tests.Assignment;

/// <summary>A plan that asks the guest: whatever the guest answers, the plan is complete, and the answer is reported.</summary>
public sealed class GuestVerificationTests : IDisposable
{
    private const string Ids = "00010001"; // what the fake host says of every device

    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Sound = PciAddress.Parse("0000:00:1b.0");

    // Enough for the first answer on a busy machine, which a second was not.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(4);

    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("passthrough-journal-");
    private readonly FakeAgent _agent = new();
    private readonly FakeDomain _domain;
    private readonly List<PlanProgress> _progress = [];
    private TimeSpan _limit = TimeSpan.FromSeconds(20);

    public GuestVerificationTests() =>
        _domain = new() { Drivers = { [Nic] = "e1000e", [Sound] = "snd_hda_intel" }, Channel = FakeAgent.Connected, Agent = _agent.Answer };

    public void Dispose() => _journal.Delete(recursive: true);

    [Fact]
    public async Task The_guest_lists_the_device_with_its_driver_after_a_while()
    {
        _agent.Proc = read => read < 3 ? FakeAgent.Line("0008", "1af41041", "virtio-pci") : FakeAgent.Line("0008", "1af41041", "virtio-pci") + FakeAgent.Line("0500", Ids, "e1000e");
        var check = Assert.Single(await Apply(Nic));
        Assert.Equal("the guest lists 0001:0001 at 0000:05:00.0 with the driver e1000e", check.Message);
        Assert.Equal((Nic, true, "e1000e"), (check.Device, check.IsListed, check.Listed!.Driver));
        Assert.Equal((PlanStepKind.AttachLive, PlanStepState.CheckedInGuest), (_progress[^1].Step.Kind, _progress[^1].State));
        Assert.Equal(3, _progress[^1].Count);
        Assert.Equal(_agent.Asked.Count(asked => asked == "guest-file-open"), _agent.Asked.Count(asked => asked == "guest-file-close"));
    }

    [Fact]
    public async Task A_device_without_a_driver_is_said_to_have_none_yet()
    {
        _limit = Short;
        _agent.Proc = read => read == 0 ? "" : FakeAgent.Line("0500", Ids);
        Assert.Equal("the guest lists 0001:0001 at 0000:05:00.0, which has no driver yet", Assert.Single(await Apply(Nic)).Message);
    }

    [Fact]
    public async Task A_device_of_the_same_kind_that_the_guest_had_before_does_not_count()
    {
        _limit = Short;
        var before = FakeAgent.Line("0300", Ids, "e1000e");
        _agent.Proc = _ => before;
        Assert.False(Assert.Single(await Apply(Nic)).IsListed);
    }

    [Fact]
    public async Task A_device_of_the_same_kind_does_not_count_if_the_guest_did_not_answer_before()
    {
        _limit = Short;
        _agent.Proc = _ => FakeAgent.Line("0300", Ids, "e1000e");
        _agent.Instead = asked => _agent.Asked.Count == 1 ? throw FakeAgent.Silent() : null;
        var check = Assert.Single(await Apply(Nic));
        Assert.Null(check.IsListed);
        Assert.Null(check.Listed);
        Assert.Contains("it lists one at 0000:03:00.0, but did not say before the plan whether it had one already (Guest agent is not responding", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_devices_of_the_same_kind_are_two()
    {
        _agent.Proc = read => read == 0 ? "" : FakeAgent.Line("0500", Ids, "one") + FakeAgent.Line("0600", Ids, "two");
        Assert.Equal(["one", "two"], (await Apply(Nic, Sound)).Select(check => check.Listed?.Driver));
    }

    [Fact]
    public async Task A_device_that_the_guest_does_not_list_is_a_warning_and_stays_assigned()
    {
        _limit = Short;
        var check = Assert.Single(await Apply(Nic));
        Assert.False(check.IsListed);
        Assert.Contains("does not list 0001:0001 after 4 s", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_agent_is_said_to_be_silent()
    {
        _limit = Short;
        _agent.Instead = _ => throw FakeAgent.Silent();
        var check = Assert.Single(await Apply(Nic));
        Assert.Null(check.IsListed);
        Assert.Contains("it is unknown whether the guest lists 0001:0001: Guest agent is not responding", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_hangs_does_not_hold_the_plan()
    {
        using var never = new ManualResetEventSlim();
        _limit = TimeSpan.FromSeconds(1);
        _agent.Instead = _ =>
        {
            never.Wait(TimeSpan.FromMinutes(2));
            return "{}";
        };
        var check = Assert.Single(await Apply(Nic).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        never.Set();
        Assert.Null(check.IsListed);
        Assert.Contains("did not answer in time", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_reads_no_files_runs_a_script()
    {
        _agent.Disabled.Add("guest-file-open");
        var asked = 0;
        _agent.Sysfs = () => asked++ == 0 ? "" : "0000:05:00.0 0x0001 0x0001 e1000e\n";
        Assert.Equal("the guest lists 0001:0001 at 0000:05:00.0 with the driver e1000e", Assert.Single(await Apply(Nic)).Message);
    }

    [Fact]
    public async Task An_agent_that_refuses_every_command_is_quoted()
    {
        _agent.Disabled.UnionWith(["guest-file-open", "guest-exec"]);
        var check = Assert.Single(await Apply(Nic));
        Assert.Null(check.IsListed);
        Assert.Contains("Command guest-file-open has been disabled", check.Message, StringComparison.Ordinal);
        Assert.Contains("Command guest-exec has been disabled", check.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("guest-get-osinfo", "garbage", "cannot be understood: garbage")]
    [InlineData("guest-get-osinfo", "{\"return\":[]}", "does not describe the guest's system")]
    [InlineData("guest-file-open", "{\"return\":\"x\"}", "is not a handle")]
    [InlineData("guest-file-read", "{\"return\":{\"buf-b64\":\"!\"}}", "is not base64")]
    [InlineData("guest-file-read", "{\"return\":{\"buf-b64\":\"Z2FyYmFnZQ==\",\"eof\":true}}", "list of PCI devices cannot be understood: garbage")]
    public async Task Garbage_is_neither_yes_nor_no(string command, string answer, string reason)
    {
        _agent.Disabled.Add("guest-exec");
        _agent.Instead = asked => asked == command ? answer : null;
        var check = Assert.Single(await Apply(Nic));
        Assert.Null(check.IsListed);
        Assert.Contains(reason, check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_cannot_write_to_the_terminal()
    {
        _agent.Proc = read => read == 0 ? "" : FakeAgent.Line("0500", Ids, "e\u001b[2J");
        Assert.EndsWith("with the driver e?[2J", Assert.Single(await Apply(Nic)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Windows_lists_only_devices_of_Red_Hat()
    {
        _agent.System = "mswindows";
        var check = Assert.Single(await Apply(Nic));
        Assert.Null(check.IsListed);
        Assert.Contains("lists only devices of Red Hat", check.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "has no channel for a guest agent")]
    [InlineData("<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' state='disconnected'/></channel>", "no agent has opened the channel")]
    public async Task A_guest_without_an_agent_is_not_asked(string? channel, string reason)
    {
        _domain.Channel = channel;
        Assert.Contains(reason, Assert.Single(await Apply(Nic)).Message, StringComparison.Ordinal);
        Assert.Empty(_agent.Asked);
    }

    [Fact]
    public async Task Nobody_is_asked_unless_the_plan_says_so()
    {
        await Plan(new PlanOptions { JournalDirectory = _journal.FullName }, Nic).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        _domain.IsRunning = false;
        Assert.Empty(await Apply(Sound)); // nothing is plugged in
        Assert.Empty(_agent.Asked);
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_does_not_undo_the_plan()
    {
        using var cancel = new CancellationTokenSource();
        _agent.Proc = read =>
        {
            if (read == 2)
            {
                cancel.Cancel();
            }

            return "";
        };
        var check = Assert.Single(await Apply(cancel.Token, Nic));
        Assert.NotEqual(true, check.IsListed);
    }

    private Task<List<GuestCheck>> Apply(params PciAddress[] devices) => Apply(TestContext.Current.CancellationToken, devices);

    // Whatever the guest answers, the domain has the devices afterwards, and nothing is left in the journal.
    private async Task<List<GuestCheck>> Apply(CancellationToken cancellationToken, params PciAddress[] devices)
    {
        await Plan(new PlanOptions { JournalDirectory = _journal.FullName, VerifiesInGuest = true, GuestTimeout = _limit }, devices)
            .ApplyAsync(new OnProgress(_progress.Add), cancellationToken);
        Assert.All(devices, device => Assert.Contains($"bus='0x{device.Bus:x2}'", _domain.ReadDefinition(), StringComparison.Ordinal));
        Assert.DoesNotContain(_progress, progress => progress.State is PlanStepState.Failed or PlanStepState.Undone);
        Assert.Empty(_journal.EnumerateFiles("*.json"));
        return [.. _progress.Where(progress => progress.Guest is not null).Select(progress => progress.Guest!)];
    }

    private AssignmentPlan Plan(PlanOptions options, params PciAddress[] devices)
    {
        var drivers = new DriverWatch(_domain, TimeProvider.System, _ => []);
        var executor = new AssignmentExecutor(
            _domain, drivers, new BindingRecords(_journal.FullName, _domain), () => [], options, TimeProvider.System, NullLogger.Instance);
        return AssignmentPlanner.Assign(new AssignmentRequest(devices), [.. devices.Select(device => new PciDevice(device))], new HashSet<PciAddress> { Nic, Sound }, _domain, drivers, [], executor);
    }
}
