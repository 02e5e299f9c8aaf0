using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Drivers;

public sealed class MediatedPlanTests : IDisposable
{
    private const string Rule = "/lib/udev/rules.d/60-mdevctl.rules";

    private static readonly Guid Uuid = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
    private static readonly Guid Other = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1002");

    private readonly FakeHost _fake = FakeHost.Create().AddSystem().AddMediatedType("mtty", "mtty-2", 1).AddMediatedType("mtty", "mtty-1", 24)
        .WriteFile(Rule, "RUN+=\"/usr/sbin/mdevctl\"").WriteFile("/usr/sbin/mdevctl", "");

    private static string Definition => $"/etc/mdevctl.d/mtty/{Uuid}";

    private MediatedDeviceStatus Status => PassthroughHost.At(_fake.Root).Capture().System.MediatedDevices;

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task A_device_is_created_defined_and_removed_with_its_definition()
    {
        var host = _fake.Open();
        var create = host.PlanMediatedDevice("mtty", "mtty-2", Uuid, startsAtBoot: true);
        Assert.Equal([PlanStepKind.CreateMediatedDevice, PlanStepKind.EditMediatedDefinition], create.Steps.Select(step => step.Kind));
        Assert.Equal($"echo {Uuid} > /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create", create.Steps[0].Command);
        Assert.Empty(create.Findings);

        await create.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("mtty", "mtty-2"), (Status.FindDevice(Uuid)!.Parent, Status.FindDevice(Uuid)!.Type));
        Assert.Equal("{\n  \"mdev_type\": \"mtty-2\",\n  \"start\": \"auto\",\n  \"attrs\": []\n}", File.ReadAllText(_fake.PathOf(Definition)));
        Assert.Empty(host.PlanMediatedDevice("mtty", "mtty-2", Uuid, startsAtBoot: true).Steps);

        var remove = host.PlanMediatedDeviceRemoval(Uuid, undefines: true);
        Assert.Equal([PlanStepKind.EditMediatedDefinition, PlanStepKind.RemoveMediatedDevice], remove.Steps.Select(step => step.Kind));
        await remove.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Null(Status.FindDevice(Uuid));
        Assert.Empty(Status.Definitions.Value);
        Assert.Throws<MediatedDeviceException>(() => host.PlanMediatedDeviceRemoval(Uuid));
    }

    [Fact]
    public async Task What_a_definition_has_besides_is_kept()
    {
        _fake.WriteFile(Definition, """{"mdev_type":"mtty-1","start":"manual","attrs":[{"speed":"9600"}],"note":"mine"}""");

        await _fake.Open().PlanMediatedDevice("mtty", "mtty-1", Uuid, startsAtBoot: true).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);

        var definition = Assert.Single(Status.FindDefinitions(Uuid));
        Assert.True(definition.IsAutomatic);
        Assert.Equal([new("speed", "9600")], definition.Attributes);
        Assert.Contains("\"note\": \"mine\"", File.ReadAllText(_fake.PathOf(Definition)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "mtty-1", "these can: mtty")]
    [InlineData("mtty", "mtty-9", "it has mtty-1, mtty-2")]
    public void What_the_host_does_not_have_is_refused_with_what_it_has(string parent, string type, string named)
    {
        var error = Assert.Throws<MediatedDeviceException>(() => _fake.Open().PlanMediatedDevice(parent, type, Uuid));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _fake.Open().PlanMediatedDevice("../../etc", "mtty-1"));
    }

    [Fact]
    public void Without_a_free_instance_the_plan_is_refused_and_names_one_that_could_go()
    {
        var plan = _fake.AddMediatedDevice("mtty", "mtty-2", Other).Open().PlanMediatedDevice("mtty", "mtty-2", Uuid);

        Assert.True(plan.IsRefused);
        var finding = Assert.Single(plan.Findings);
        Assert.Equal(FindingIds.MediatedDeviceNoInstance, finding.Id);
        Assert.Contains(Other.ToString(), finding.Remedy, StringComparison.Ordinal);
        Assert.Throws<MediatedDeviceException>(() => _fake.Open().PlanMediatedDevice("mtty", "mtty-1", Other)); // the UUID is taken
    }

    [Fact]
    public void A_device_that_a_domain_or_a_process_has_is_not_removed()
    {
        var host = _fake.AddMediatedDevice("mtty", "mtty-2", Uuid).Open();
        var facts = new LibvirtFacts { Uri = "qemu:///system", MediatedUses = [new("vm1", Uuid, IsRunning: true), new("vm2", Uuid, IsRunning: false), new("vm3", Other, IsRunning: true)] };

        var running = host.PlanMediatedDeviceRemoval(Uuid, libvirt: facts);
        Assert.True(running.IsRefused);
        Assert.Equal([FindingIds.DeviceInUseByDomain, FindingIds.DeviceInOtherDefinition], running.Findings.Select(finding => finding.Id));
        Assert.Contains("vm1", running.Findings[0].Title, StringComparison.Ordinal);

        var defined = host.PlanMediatedDeviceRemoval(Uuid, libvirt: facts with { MediatedUses = [new("vm2", Uuid, IsRunning: false)] });
        Assert.False(defined.IsRefused);
        Assert.Contains("vm2", Assert.Single(defined.Findings).Title, StringComparison.Ordinal);

        _fake.WriteFile("/proc/4711/comm", "qemu-system-x86\n").AddLink("/proc/4711/fd/9", "/dev/vfio/0").WriteFile("/dev/vfio/0", "");
        File.Delete(_fake.PathOf("/proc/4711/fd/9"));
        File.CreateSymbolicLink(_fake.PathOf("/proc/4711/fd/9"), "/dev/vfio/0");
        var open = host.PlanMediatedDeviceRemoval(Uuid);
        Assert.True(open.IsRefused);
        Assert.Contains(open.Findings, finding => finding.Id == FindingIds.DeviceHasOpenHandles && finding.Title.Contains("qemu-system-x86 (4711)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_created_is_removed_again_when_the_definition_cannot_be_written()
    {
        var plan = _fake.Open().PlanMediatedDevice("mtty", "mtty-2", Uuid, startsAtBoot: true);
        _fake.WriteFile("/etc/mdevctl.d/mtty", "a file where a directory is needed");

        var error = await Assert.ThrowsAnyAsync<PassthroughException>(() => plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.True(error is PlanFailedException { NotUndone.IsEmpty: true } or StalePlanException, error.ToString());
        Assert.Null(Status.FindDevice(Uuid));
    }

    [Fact]
    public async Task What_was_removed_comes_back_when_the_plan_fails()
    {
        _fake.AddMediatedDevice("mtty", "mtty-2", Uuid).WriteFile(Definition, """{"mdev_type":"mtty-2","start":"auto","attrs":[]}""");
        _fake.Writing = (path, _) => path.EndsWith("/remove", StringComparison.Ordinal) ? Errno.IoError : 0;

        var error = await Assert.ThrowsAsync<PlanFailedException>(
            () => _fake.Open().PlanMediatedDeviceRemoval(Uuid, undefines: true).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Empty(error.NotUndone);
        Assert.NotNull(Status.FindDevice(Uuid));
        Assert.Equal("""{"mdev_type":"mtty-2","start":"auto","attrs":[]}""", File.ReadAllText(_fake.PathOf(Definition)));
    }

    [Fact]
    public async Task An_unfinished_plan_for_the_same_UUID_blocks_another_though_the_parent_has_no_address()
    {
        var entry = new JournalEntry
        {
            Id = "unfinished",
            Kind = PlanKind.CreateMediatedDevice,
            StartedAt = DateTimeOffset.UnixEpoch,
            Devices = [],
            Identities = [],
            LiveBefore = [],
            Changes = [new(PlanStepKind.CreateMediatedDevice, null, Uuid.ToString(), null, "mtty/mtty-2")],
            Begun = 1,
        };
        var directory = _fake.PathOf(new PlanOptions().JournalDirectory);
        using (var journal = await PlanJournal.OpenAsync(directory, TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken))
        {
            journal.Write(entry);
        }

        var plan = _fake.Open().PlanMediatedDevice("mtty", "mtty-1", Uuid);
        Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.PlanUnfinished);
        Assert.True(plan.IsRefused);
        Assert.False(_fake.Open().PlanMediatedDevice("mtty", "mtty-1", Other).IsRefused);
    }

    [Fact]
    public async Task A_saved_plan_is_applied_by_another_program()
    {
        var text = _fake.Open().PlanMediatedDevice("mtty", "mtty-2", Uuid, startsAtBoot: true).ToJson();

        await _fake.Open().PlanAgain(SavedPlan.Parse(text)).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.NotNull(Status.FindDevice(Uuid));
        var remove = _fake.Open().PlanMediatedDeviceRemoval(Uuid, undefines: true).ToJson();
        await _fake.Open().PlanAgain(SavedPlan.Parse(remove)).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Null(Status.FindDevice(Uuid));
    }
}
