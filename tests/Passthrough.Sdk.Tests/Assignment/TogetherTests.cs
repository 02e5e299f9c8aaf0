using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Plans;

namespace Passthrough.Sdk.Tests.Assignment;

/// <summary>One plan for several domains: all of them get or lose their devices, or none does.</summary>
public sealed class TogetherTests : IDisposable
{
    private static readonly PciAddress First = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Second = PciAddress.Parse("0000:02:00.0");
    private static readonly PciAddress Third = PciAddress.Parse("0000:03:00.0");
    private static readonly PciAddress ThirdsTwin = PciAddress.Parse("0000:03:00.1");

    private readonly FakeHost _fake = FakeHost.Create()
        .AddSystem()
        .AddPciDriver("vfio-pci")
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 5)
        .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 7, parent: "0000:00:1c.0")
        .AddPciBridge("0000:00:1c.1", secondaryBus: 2, iommuGroup: 6)
        .AddPciDevice("0000:02:00.0", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 8, parent: "0000:00:1c.1")
        .AddPciBridge("0000:00:1c.2", secondaryBus: 3, iommuGroup: 9)
        .AddPciDevice("0000:03:00.0", vendor: 0x8086, device: 0x10d3, driver: "vfio-pci", iommuGroup: 10, parent: "0000:00:1c.2")
        .AddPciDevice("0000:03:00.1", vendor: 0x8086, device: 0x10d3, driver: "vfio-pci", iommuGroup: 10, parent: "0000:00:1c.2")
        .AddNetworkInterface("0000:01:00.0", "enp1s0")
        .AddNetworkInterface("0000:02:00.0", "enp2s0");

    private readonly FakeLibvirt _libvirt;
    private readonly FakeLibvirtDomain _one;
    private readonly FakeLibvirtDomain _two;

    public TogetherTests()
    {
        _libvirt = new(_fake);
        _one = _libvirt.AddDomain("vm1", isRunning: true);
        _two = _libvirt.AddDomain("vm2", isRunning: true);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Journal => _fake.PathOf("/var/lib/passthrough/journal");

    public void Dispose()
    {
        _libvirt.Dispose();
        _fake.Dispose();
    }

    [Fact]
    public async Task Two_domains_get_their_devices_in_one_plan()
    {
        var plan = Assign();

        Assert.False(plan.IsRefused, plan.ToString());
        Assert.Equal(("assign 0000:01:00.0 to vm1 (qemu:///system); assign 0000:02:00.0 to vm2 (qemu:///system)", PlanKind.Combined), (plan.Purpose, plan.Kind));
        Assert.Equal([First, Second], plan.Devices);
        Assert.Equal(["vm1", "vm2"], plan.Parts.Select(part => part.Domain));
        Assert.Equal([(1, First), (2, First), (3, Second), (4, Second)], plan.Steps.Select(step => (step.Number, step.Device!.Value)));
        var reported = new List<string>();
        await plan.ApplyAsync(new OnProgress(progress => reported.Add($"{progress.Step.Number}/{progress.Count} {progress.State}")), Token);

        Assert.Equal(["1/4 Started", "1/4 Done", "2/4 Started", "2/4 Done", "3/4 Started", "3/4 Done", "4/4 Started", "4/4 Done"], reported);
        Assert.Equal([First], DevicesOf(_one));
        Assert.Equal([Second], DevicesOf(_two));
        Assert.Equal(("vfio-pci", "vfio-pci"), Drivers);
        Assert.Empty(Entries);

        await Release().ApplyAsync(cancellationToken: Token);

        Assert.Equal(("e1000e", "e1000e"), Drivers);
        Assert.Empty(DevicesOf(_one).Concat(DevicesOf(_two)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_step_that_fails_takes_the_changes_of_both_domains_back(int failing)
    {
        var before = Everything();
        var calls = 0;
        _libvirt.Calling = call =>
        {
            if (call == "virDomainAttachDeviceFlags" && ++calls == failing)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "no");
            }
        };

        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => Assign().ApplyAsync(cancellationToken: Token));

        Assert.Equal((failing, true), (failure.Step.Number, failure.NotUndone.IsEmpty));
        Assert.Equal(before, Everything());
        Assert.Empty(Entries);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task Recovery_undoes_the_changes_of_both_domains(int broken, bool isRelease)
    {
        if (isRelease)
        {
            await Assign().ApplyAsync(cancellationToken: Token);
        }

        var (before, calls) = (Everything(), 0);
        var plan = isRelease ? Release() : Assign();
        _libvirt.Calling = _ =>
        {
            if (++calls >= broken)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "no more");
            }
        };
        Assert.Equal(broken > 1, !(await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token))).NotUndone.IsEmpty);
        _libvirt.Calling = null;
        if (broken > 1)
        {
            Assert.Equal(FindingIds.PlanUnfinished, Assert.Single(_fake.Open().Plan([Third, ThirdsTwin], _one).Findings, finding => finding.Id == FindingIds.PlanUnfinished).Id);
            var outcome = Assert.Single(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token));

            Assert.True(outcome.IsComplete, outcome.Problem ?? string.Join("; ", outcome.NotUndone));
            Assert.Equal((PlanKind.Combined, null, "vm1"), (outcome.Kind, outcome.Domain, outcome.Domains[0])); // vm2 only if it had been reached
        }

        Assert.Equal(before, Everything());
        Assert.Empty(Entries);
        Assert.Empty(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token));
    }

    [Fact]
    public async Task Recovery_undoes_both_domains_after_the_last_step()
    {
        var before = Everything();
        await ApplyAndLeaveEntryAsync(Assign(), 4);

        Assert.True(Assert.Single(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token)).IsComplete);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task Recovery_undoes_one_domain_where_the_other_cannot_be_undone()
    {
        await ApplyAndLeaveEntryAsync(Assign(), 4);
        _libvirt.Calling = call =>
        {
            if (call.StartsWith("virDomainDetachDevice", StringComparison.Ordinal) && DevicesOf(_two).Count == 0)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "not now");
            }
        };

        var outcome = Assert.Single(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token));

        Assert.False(outcome.IsComplete);
        Assert.All(outcome.NotUndone, left => Assert.Equal(First, left.Step.Device));
        Assert.Equal(("vfio-pci", "e1000e"), Drivers);
        Assert.Single(Entries);
        _libvirt.Calling = null;

        Assert.True(Assert.Single(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token)).IsComplete);
        Assert.Equal(("e1000e", "e1000e"), Drivers);
        Assert.Empty(Entries);
    }

    [Fact]
    public async Task A_part_that_a_guard_refuses_refuses_the_whole_plan()
    {
        _fake.AddNetworkInterface("0000:02:00.0", "enp2s0", "192.0.2.7/24");

        var plan = Assign();

        Assert.True(plan.IsRefused);
        Assert.Contains(plan.Findings, finding => finding.Devices.Contains(Second) && finding.Severity == FindingSeverity.Error);
        await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: Token));
        Assert.Equal(("e1000e", "e1000e"), Drivers);
    }

    [Fact]
    public void A_group_goes_to_one_domain_only()
    {
        var plan = _fake.Open().PlanTogether([new(_one, new AssignmentRequest(Third)), new(_two, new AssignmentRequest(ThirdsTwin))]);

        var finding = Assert.Single(plan.Findings, finding => finding.Id == FindingIds.GroupInUseByDomain);
        Assert.Equal("the plan gives devices of IOMMU group 10 to vm1 (0000:03:00.0) and vm2 (0000:03:00.1), but only one guest can use a group at a time", finding.Title);
        Assert.True(plan.IsRefused);

        var (three, four) = (_libvirt.AddDomain("vm3"), _libvirt.AddDomain("vm4"));
        var definitions = _fake.Open().PlanTogether([new(three, new AssignmentRequest(Third)), new(four, new AssignmentRequest(ThirdsTwin))]);
        Assert.Equal(FindingSeverity.Warning, Assert.Single(definitions.Findings, each => each.Id == FindingIds.GroupInUseByDomain).Severity);
    }

    [Fact]
    public void A_device_or_a_domain_is_named_once()
    {
        var host = _fake.Open();

        Assert.Equal("vm2", Assert.Throws<AssignmentException>(() => host.PlanTogether([new(_one, new AssignmentRequest(First)), new(_two, new AssignmentRequest(First))])).Domain);
        Assert.Equal("vm1", Assert.Throws<AssignmentException>(() => host.PlanTogether([new(_one, new AssignmentRequest(First)), new(_one, new AssignmentRequest(Second))])).Domain);
        Assert.Throws<ArgumentException>(() => host.PlanTogether([]));
        Assert.Throws<ArgumentException>(() => host.PlanTogether([null!]));
    }

    [Fact]
    public async Task A_saved_plan_is_made_again_for_the_same_domains()
    {
        var saved = SavedPlan.Parse(Assign().ToJson());

        Assert.Equal((PlanKind.Combined, "qemu:///system", null, "vm1 vm2"), (saved.Kind, saved.Connection, saved.Domain, string.Join(" ", saved.Domains)));
        await _fake.Open().PlanAgain(saved, _libvirt).ApplyAsync(cancellationToken: Token);
        Assert.Equal(("vfio-pci", "vfio-pci"), Drivers);

        await _fake.Open().PlanAgain(SavedPlan.Parse(Release().ToJson()), _libvirt).ApplyAsync(cancellationToken: Token);
        Assert.Equal(("e1000e", "e1000e"), Drivers);
    }

    [Fact]
    public async Task A_definition_that_changed_meanwhile_stops_the_plan_before_its_first_step()
    {
        var plan = Assign();
        await _fake.Open().Plan(new AssignmentRequest(Third, ThirdsTwin) { Scope = AssignmentScope.Definition }, _two).ApplyAsync(cancellationToken: Token);

        await Assert.ThrowsAsync<StalePlanException>(() => plan.ApplyAsync(cancellationToken: Token));
        Assert.Empty(DevicesOf(_one));
    }

    [Fact]
    public async Task A_domain_that_changes_while_another_has_its_turn_ends_the_plan()
    {
        var off = _libvirt.AddDomain("vm3");
        var before = Everything();
        var plan = _fake.Open().PlanTogether([new(_one, new AssignmentRequest(First)), new(off, new AssignmentRequest(Second))]);

        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(
            new OnProgress(progress =>
            {
                if (progress.State == PlanStepState.Started && progress.Step.Number == 2)
                {
                    off.Start();
                }
            }),
            Token));

        Assert.IsType<StalePlanException>(failure.InnerException);
        Assert.Equal((3, true), (failure.Step.Number, failure.NotUndone.IsEmpty));
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task A_disk_that_is_mounted_while_another_domain_has_its_turn_ends_the_plan()
    {
        var before = Everything();
        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => Assign().ApplyAsync(
            new OnProgress(progress =>
            {
                if (progress.State == PlanStepState.Started && progress.Step.Number == 2)
                {
                    _fake.AddNetworkInterface("0000:02:00.0", "enp2s0", "192.0.2.7/24");
                }
            }),
            Token));

        Assert.IsType<PlanRefusedException>(failure.InnerException);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task A_domain_that_is_recovered_is_not_recovered_again_with_another()
    {
        await Recovery_undoes_one_domain_where_the_other_cannot_be_undone();
        await ApplyAndLeaveEntryAsync(Assign(), 4);
        _libvirt.Calling = call =>
        {
            if (call.StartsWith("virDomainDetachDevice", StringComparison.Ordinal) && DevicesOf(_two).Count == 0)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "not now");
            }
        };
        Assert.False(Assert.Single(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token)).IsComplete);
        _libvirt.Calling = null;

        Assert.DoesNotContain(_fake.Open().Plan([Second], _two).Findings, finding => finding.Id == FindingIds.PlanUnfinished);
        var outcome = Assert.Single(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token));
        Assert.Equal(["vm1"], outcome.Domains);
    }

    [Fact]
    public async Task A_domain_that_the_plan_had_not_reached_may_be_gone()
    {
        await ApplyAndLeaveEntryAsync(_fake.Open().PlanTogether([new(_one, new AssignmentRequest(First)), new(_libvirt.AddDomain("vm3"), new AssignmentRequest(Second))]), 2);
        _libvirt.GetDomain("vm3").Undefine();

        var outcome = Assert.Single(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token));

        Assert.True(outcome.IsComplete, outcome.Problem ?? string.Join("; ", outcome.NotUndone));
        Assert.Null(outcome.Note);
    }

    private (string?, string?) Drivers => (_fake.DriverOf("0000:01:00.0"), _fake.DriverOf("0000:02:00.0"));

    private string[] Entries => Directory.Exists(Journal) ? Directory.GetFiles(Journal, "*.json") : [];

    private CombinedPlan Assign() => _fake.Open().PlanTogether([new(_one, new AssignmentRequest(First)), new(_two, new AssignmentRequest(Second))]);

    private CombinedPlan Release() => _fake.Open().PlanTogether([new(_one, new ReleaseRequest(First)), new(_two, new ReleaseRequest(Second))]);

    private static List<PciAddress> DevicesOf(FakeLibvirtDomain domain) => [.. DomainDocument.Parse(domain.GetXml(DomainXmlOptions.Inactive)).PciAddresses];

    // What each domain has, running and defined, and the drivers. The order of the elements is libvirt's.
    private string Everything() => $"{Drivers} " + string.Join(' ', new[] { _one, _two }.SelectMany(domain => new[] { domain.GetXml(), domain.GetXml(DomainXmlOptions.Inactive) })
        .Select(xml => $"[{string.Join(" ", DomainDocument.Parse(xml).PciAddresses)}]"));

    // The entry as a program that is killed in the step leaves it; the plan itself goes on to its end.
    private async Task ApplyAndLeaveEntryAsync(CombinedPlan plan, int step)
    {
        (string Path, byte[] Content) kept = ("", []);
        await plan.ApplyAsync(
            new OnProgress(progress =>
            {
                if (progress.State == PlanStepState.Started && progress.Step.Number == step)
                {
                    kept = (Assert.Single(Entries), File.ReadAllBytes(Assert.Single(Entries)));
                }
            }),
            Token);
        await File.WriteAllBytesAsync(kept.Path, kept.Content, Token);
    }
}
