using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Assignment;

/// <summary>Requests with wishes, planned and applied on a host and a libvirt in memory.</summary>
public sealed class RequestTests : IDisposable
{
    private const string Ports =
        "<controller type='pci' index='0' model='pcie-root'/><controller type='pci' index='1' model='pcie-root-port'/><controller type='pci' index='2' model='pcie-root-port'/>";

    private static readonly PciAddress Card = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress CardTwo = PciAddress.Parse("0000:01:00.1");
    private static readonly PciAddress Nic = PciAddress.Parse("0000:02:00.0");

    private readonly FakeHost _fake = FakeHost.Create()
        .AddSystem()
        .AddPciDriver("vfio-pci")
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 5)
        .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 7, parent: "0000:00:1c.0")
        .AddPciDevice("0000:01:00.1", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 7, parent: "0000:00:1c.0")
        .AddPciBridge("0000:00:1c.1", secondaryBus: 2, iommuGroup: 6)
        .AddPciDevice("0000:02:00.0", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 8, parent: "0000:00:1c.1")
        .AddNetworkInterface("0000:01:00.0", "enp1s0f0")
        .AddNetworkInterface("0000:01:00.1", "enp1s0f1")
        .AddNetworkInterface("0000:02:00.0", "enp2s0", isUp: true);

    private readonly FakeLibvirt _libvirt;

    public RequestTests() => _libvirt = new(_fake);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _libvirt.Dispose();
        _fake.Dispose();
    }

    [Fact]
    public async Task A_whole_card_comes_along_and_goes_back()
    {
        var guest = _libvirt.AddDomain("vm1");

        var plan = _fake.Open().Plan(new AssignmentRequest(CardTwo) { WholeCards = true }, guest);

        Assert.Equal([Card, CardTwo], plan.Devices);
        Assert.Equal([Card], Assert.Single(plan.Findings, finding => finding.Id == FindingIds.PlanDeviceComesAlong).Devices);
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal(2, DomainDocument.Parse(Definition(guest)).HostDevices.Count);
        await _fake.Open().PlanRelease(new ReleaseRequest(Card) { WholeCards = true }, guest).ApplyAsync(cancellationToken: Token);
        Assert.Empty(DomainDocument.Parse(Definition(guest)).HostDevices);
    }

    [Fact]
    public void A_whole_group_comes_along_only_with_consent()
    {
        var guest = _libvirt.AddDomain("vm1");

        Assert.True(_fake.Open().Plan([Card], guest).IsRefused);
        var plan = _fake.Open().Plan(new AssignmentRequest(Card) { WholeGroups = true }, guest);

        Assert.False(plan.IsRefused, plan.ToString());
        Assert.Equal([Card, CardTwo], plan.Devices);
    }

    [Fact]
    public void Virtual_functions_are_not_functions_of_the_card()
    {
        _fake.AddPciDevice("0000:02:00.1", vendor: 0x8086, device: 0x10ed, iommuGroup: 9, physicalFunction: "0000:02:00.0");

        var plan = _fake.Open().Plan(new AssignmentRequest(Nic) { WholeCards = true }, _libvirt.AddDomain("vm1"));

        Assert.Equal([Nic], plan.Devices);
    }

    [Theory]
    [InlineData(AssignmentScope.Both, "AddToDefinition AttachLive")]
    [InlineData(AssignmentScope.Live, "AttachLive")]
    [InlineData(AssignmentScope.Definition, "AddToDefinition")]
    public async Task Each_scope_has_its_steps_there_and_back(AssignmentScope scope, string steps)
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);

        var plan = _fake.Open().Plan(new AssignmentRequest(Nic) { Scope = scope }, guest);

        Assert.Equal((steps, scope), (Words(plan), plan.Scope));
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal(scope == AssignmentScope.Definition ? "e1000e" : "vfio-pci", _fake.DriverOf("0000:02:00.0"));
        var release = _fake.Open().PlanRelease(new ReleaseRequest(Nic) { Scope = scope }, guest);
        await release.ApplyAsync(cancellationToken: Token);
        Assert.Equal("e1000e", _fake.DriverOf("0000:02:00.0"));
        Assert.Empty(_fake.Open().PlanRelease([Nic], guest).Steps);
    }

    [Fact]
    public async Task A_release_from_the_definition_leaves_the_running_guest_its_device_and_the_record()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        await _fake.Open().Plan([Nic], guest).ApplyAsync(cancellationToken: Token);

        await _fake.Open().PlanRelease(new ReleaseRequest(Nic) { Scope = AssignmentScope.Definition }, guest).ApplyAsync(cancellationToken: Token);

        Assert.Equal("vfio-pci", _fake.DriverOf("0000:02:00.0"));
        await _fake.Open().PlanRelease([Nic], guest).ApplyAsync(cancellationToken: Token);
        Assert.Equal("e1000e", _fake.DriverOf("0000:02:00.0"));
    }

    [Fact]
    public void A_scope_that_the_domain_does_not_have_is_an_error()
    {
        var guest = _libvirt.AddDomain("vm1");

        Assert.Equal("vm1", Assert.Throws<AssignmentException>(() => _fake.Open().Plan(new AssignmentRequest(Nic) { Scope = AssignmentScope.Live }, guest)).Domain);
        Assert.Throws<AssignmentException>(() => _fake.Open().PlanRelease(new ReleaseRequest(Nic) { Scope = AssignmentScope.Live }, guest));
    }

    [Fact]
    public async Task An_unmanaged_device_is_bound_by_the_plan_and_warned_of()
    {
        var guest = _libvirt.AddDomain("vm1");

        var plan = _fake.Open().Plan(new AssignmentRequest(Nic) { IsManaged = false }, guest);

        Assert.Equal("DetachFromHost AddToDefinition", Words(plan));
        Assert.Equal(FindingSeverity.Warning, Assert.Single(plan.Findings, finding => finding.Id == FindingIds.PlanNotBoundAtBoot).Severity);
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal("vfio-pci", _fake.DriverOf("0000:02:00.0"));
        await _fake.Open().PlanRelease([Nic], guest).ApplyAsync(cancellationToken: Token);
        Assert.Equal("e1000e", _fake.DriverOf("0000:02:00.0"));
    }

    [Fact]
    public async Task A_failed_release_binds_an_unmanaged_device_again_before_the_guest_gets_it_back()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        await _fake.Open().Plan(new AssignmentRequest(Card) { WholeGroups = true, IsManaged = false }, guest).ApplyAsync(cancellationToken: Token);
        var (plan, definition, returned) = (_fake.Open().PlanRelease([Card, CardTwo], guest), Definition(guest), 0);
        Assert.Contains("bind it to VFIO again", plan.Steps.First(step => step.Kind == PlanStepKind.ReturnToHost).Undo, StringComparison.Ordinal);
        _libvirt.Calling = call =>
        {
            if (call == "virNodeDeviceReAttach" && ++returned == 2)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "no");
            }
        };

        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token));

        Assert.Empty(failure.NotUndone);
        Assert.Equal(("vfio-pci", "vfio-pci"), (_fake.DriverOf("0000:01:00.0"), _fake.DriverOf("0000:01:00.1")));
        Assert.Equal([Card, CardTwo], DomainDocument.Parse(guest.GetXml()).PciAddresses.Order());
        Assert.Equal(definition, Definition(guest));
    }

    [Fact]
    public async Task A_release_from_the_guest_only_leaves_an_unmanaged_device_bound_for_the_next_start()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        await _fake.Open().Plan(new AssignmentRequest(Nic) { IsManaged = false }, guest).ApplyAsync(cancellationToken: Token);

        var plan = _fake.Open().PlanRelease(new ReleaseRequest(Nic) { Scope = AssignmentScope.Live }, guest);

        Assert.Equal("DetachLive", Words(plan));
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal("vfio-pci", _fake.DriverOf("0000:02:00.0"));
        await _fake.Open().PlanRelease([Nic], guest).ApplyAsync(cancellationToken: Token);
        Assert.Equal("e1000e", _fake.DriverOf("0000:02:00.0"));
    }

    [Fact]
    public async Task A_device_that_libvirt_manages_in_the_running_guest_comes_back_whatever_its_definition_says()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        await _fake.Open().Plan([Nic], guest).ApplyAsync(cancellationToken: Token);
        _libvirt.DefineDomain(Definition(guest).Replace("managed=\"yes\"", "managed=\"no\"", StringComparison.Ordinal).Replace("managed='yes'", "managed='no'", StringComparison.Ordinal));
        Assert.False(DomainXml.IsManaged(Definition(guest), Nic));

        var plan = _fake.Open().PlanRelease(new ReleaseRequest(Nic) { Scope = AssignmentScope.Live }, guest);

        Assert.Equal("DetachLive ReturnToHost", Words(plan));
        var warning = Assert.Single(plan.Findings, finding => finding.Id == FindingIds.PlanNotBoundAtStart);
        Assert.Equal((FindingSeverity.Warning, [Nic]), (warning.Severity, warning.Devices));
        Assert.DoesNotContain(_fake.Open().PlanRelease([Nic], guest).Findings, finding => finding.Id == FindingIds.PlanNotBoundAtStart);
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal("e1000e", _fake.DriverOf("0000:02:00.0"));
        guest.Destroy();
        Assert.Contains("manually detached", Assert.Throws<LibvirtException>(() => guest.Start()).NativeMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_was_bound_for_guests_before_it_was_assigned_is_bound_at_the_next_start_too()
    {
        await _fake.Open().PlanBind([Nic]).ApplyAsync(cancellationToken: Token);
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        await _fake.Open().Plan([Nic], guest).ApplyAsync(cancellationToken: Token);
        _libvirt.DefineDomain(Definition(guest).Replace("managed=\"yes\"", "managed=\"no\"", StringComparison.Ordinal).Replace("managed='yes'", "managed='no'", StringComparison.Ordinal));

        var plan = _fake.Open().PlanRelease(new ReleaseRequest(Nic) { Scope = AssignmentScope.Live }, guest);

        Assert.DoesNotContain(plan.Findings, finding => finding.Id == FindingIds.PlanNotBoundAtStart);
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal("vfio-pci", _fake.DriverOf("0000:02:00.0"));
    }

    [Fact]
    public void Devices_with_a_place_go_first_so_that_libvirt_does_not_give_it_to_another()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        var placed = new PciHostDevice { Address = Nic, GuestAddress = new PciGuestAddress(PciAddress.Parse("0000:08:00.0")) };

        var plan = _fake.Open().Plan(new AssignmentRequest(Card, CardTwo, Nic) { Elements = [placed] }, guest);

        Assert.All(
            new[] { PlanStepKind.AddToDefinition, PlanStepKind.AttachLive },
            kind => Assert.Equal([Nic, Card, CardTwo], plan.Steps.Where(step => step.Kind == kind).Select(step => step.Device!.Value)));
    }

    [Fact]
    public async Task An_unmanaged_device_of_the_definition_is_bound_before_it_is_plugged_in()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        _libvirt.DefineDomain(DomainDocument.Parse(Definition(guest)).Add(new PciHostDevice { Address = Nic }).ToString());

        var plan = _fake.Open().Plan([Nic], guest);

        Assert.Equal("DetachFromHost AttachLive", Words(plan));
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.False(DomainXml.IsManaged(guest.GetXml(), Nic));
    }

    [Fact]
    public async Task A_group_that_a_later_plan_takes_from_its_drivers_comes_back_after_the_guest_has_ended()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        var group = new AssignmentRequest(Card) { WholeGroups = true };
        await _fake.Open().Plan(group with { Scope = AssignmentScope.Definition }, guest).ApplyAsync(cancellationToken: Token);
        var plan = _fake.Open().Plan(group, guest);
        Assert.Equal("DetachFromHost DetachFromHost AttachLive AttachLive", Words(plan));
        await plan.ApplyAsync(cancellationToken: Token);
        guest.Destroy();
        Assert.Equal("vfio-pci", _fake.DriverOf("0000:01:00.0"));

        await _fake.Open().PlanRelease([Card, CardTwo], guest).ApplyAsync(cancellationToken: Token);

        Assert.Equal(("e1000e", "e1000e"), (_fake.DriverOf("0000:01:00.0"), _fake.DriverOf("0000:01:00.1")));
    }

    [Fact]
    public async Task A_release_keeps_the_records_of_those_devices_only_that_the_domain_keeps()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        await _fake.Open().Plan(new AssignmentRequest(Card) { WholeGroups = true, Scope = AssignmentScope.Live }, guest).ApplyAsync(cancellationToken: Token);
        await _fake.Open().Plan([Nic], guest).ApplyAsync(cancellationToken: Token);

        var plan = _fake.Open().PlanRelease(new ReleaseRequest(Card, CardTwo, Nic) { Scope = AssignmentScope.Live }, guest);
        Assert.Equal([Nic], plan.StayingInDomain);
        await plan.ApplyAsync(cancellationToken: Token);

        Assert.Empty(_fake.Open().PlanRelease([Card], guest).Steps);
        Assert.NotNull(Assert.Single(_fake.Open().PlanRelease([Nic], guest).DevicesBefore).ReturnTo);
    }

    [Fact]
    public async Task A_release_of_a_whole_card_leaves_the_virtual_functions_of_its_slot()
    {
        _fake.AddPciDevice("0000:02:00.1", vendor: 0x8086, device: 0x10ed, iommuGroup: 9, physicalFunction: "0000:02:00.0");
        var (guest, function) = (_libvirt.AddDomain("vm1"), PciAddress.Parse("0000:02:00.1"));
        await _fake.Open().Plan([function], guest).ApplyAsync(cancellationToken: Token);

        Assert.Equal([Nic], _fake.Open().PlanRelease(new ReleaseRequest(Nic) { WholeCards = true }, guest).Devices);
        Assert.Equal([function], _fake.Open().PlanRelease(new ReleaseRequest(function) { WholeCards = true }, guest).Devices);
    }

    [Fact]
    public async Task A_card_without_its_function_0_is_warned_of()
    {
        var guest = _libvirt.AddDomain("vm1");
        await _fake.Open().Plan(new AssignmentRequest(Card) { WholeCards = true }, guest).ApplyAsync(cancellationToken: Token);

        var finding = Assert.Single(_fake.Open().PlanRelease([Card], guest).Findings, finding => finding.Id == FindingIds.PlanFunctionsHidden);

        Assert.Equal((FindingSeverity.Warning, [Card, CardTwo]), (finding.Severity, finding.Devices));
        Assert.DoesNotContain(_fake.Open().PlanRelease([CardTwo], guest).Findings, finding => finding.Id == FindingIds.PlanFunctionsHidden);
        Assert.DoesNotContain(_fake.Open().PlanRelease([Card, CardTwo], guest).Findings, finding => finding.Id == FindingIds.PlanFunctionsHidden);
    }

    [Fact]
    public async Task Only_ports_that_are_still_the_plans_own_are_taken_back()
    {
        var guest = _libvirt.AddDomain("vm1");
        var before = Definition(guest);
        var added = DomainDocument.Parse(before).Add(new PciController(10, "pcie-root-port")).Add(new PciController(11, "pci-bridge")).Add(new PciController(12, "pcie-root-port"))
            .Add(new PciHostDevice { Address = Card, GuestAddress = new PciGuestAddress(new PciAddress(0, 12, 0, 0)) });
        _libvirt.DefineDomain(added.ToString());
        var sysfs = new FakeDomain();
        var context = new StepContext(
            new DomainCalls(new LibvirtAssignmentDomain(guest, sysfs), new PlanOptions(), TimeProvider.System),
            new AssignedDevice(Nic, null, ""),
            new DefinitionTrail(before, null),
            new DriverWatch(sysfs, TimeProvider.System, _ => []),
            new PlanOptions())
        {
            Controllers = [new PciController(10, "pcie-root-port"), new PciController(11, "pcie-root-port"), new PciController(12, "pcie-root-port")],
        };

        await new AddPorts().UndoAsync(context);

        Assert.Equal([11u, 12u], DomainDocument.Parse(Definition(guest)).Settings.PciControllers.Select(controller => controller.Index).Where(index => index >= 10));
    }

    [Fact]
    public void A_saved_plan_remembers_every_wish()
    {
        var guest = _libvirt.AddDomain("vm1");
        var request = new AssignmentRequest(Card)
        {
            WholeCards = true,
            WholeGroups = true,
            Scope = AssignmentScope.Definition,
            IsManaged = false,
            Elements = [new PciHostDevice { Address = Card, Rom = new DeviceRom { Bar = false } }],
        };

        var plan = _fake.Open().Plan(request, guest);
        var again = (AssignmentPlan)_fake.Open().PlanAgain(SavedPlan.Parse(plan.ToJson()), _libvirt);

        Assert.Equal((plan.Steps, plan.Scope, plan.DevicesBefore), (again.Steps, again.Scope, again.DevicesBefore));
        Assert.Contains("rom bar=", again.DevicesBefore[0].DeviceXml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_plan_with_a_changed_wish_is_refused()
    {
        var json = _fake.Open().Plan(new AssignmentRequest(Nic) { Scope = AssignmentScope.Definition }, _libvirt.AddDomain("vm1")).ToJson();

        Assert.Equal(SavedPlanProblem.Damaged, Problem(json.Replace("\"scope\": \"definition\"", "\"scope\": \"elsewhere\"", StringComparison.Ordinal)));
        Assert.Equal(SavedPlanProblem.Damaged, Problem(json.Replace("\"scope\": \"definition\"", "\"scope\": \"definition\", \"elements\": [null]", StringComparison.Ordinal)));

        SavedPlanProblem Problem(string text) => Assert.Throws<SavedPlanException>(() => _fake.Open().PlanAgain(SavedPlan.Parse(text), _libvirt)).Problem;
    }

    [Fact]
    public async Task Ports_for_later_are_added_before_the_device_and_stay()
    {
        var guest = _libvirt.AddDomain("vm1");

        var plan = _fake.Open().Plan(new AssignmentRequest(Nic) { SparePorts = 8 }, guest);

        Assert.Equal("AddPorts AddToDefinition", Words(plan));
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Contains(DomainDocument.Parse(Definition(guest)).Settings.PciControllers, controller => controller is { Index: 11, Model: "pcie-root-port" });
    }

    [Fact]
    public void A_negative_number_of_ports_is_an_argument_error() => Assert.Throws<ArgumentOutOfRangeException>(
        () => _fake.Open().Plan(new AssignmentRequest(Nic) { SparePorts = -1 }, _libvirt.AddDomain("vm1")));

    [Fact]
    public void A_device_in_a_shared_slot_of_the_running_guest_cannot_be_unplugged()
    {
        var live = $"<domain type='kvm'><name>vm1</name><devices>{Ports}{Placed(Card, 0)}{Placed(CardTwo, 1)}</devices></domain>";

        Assert.True(DomainXml.IsInSharedSlot(live, Card));
        Assert.True(DomainXml.IsInSharedSlot(live, CardTwo));
        Assert.False(DomainXml.IsInSharedSlot(live.Replace(Placed(CardTwo, 1), "", StringComparison.Ordinal), Card));

        static string Placed(PciAddress device, byte function) =>
            new PciHostDevice { Address = device, GuestAddress = new PciGuestAddress(new PciAddress(0, 1, 0, function)) }.ToXml();
    }

    private static string Definition(FakeLibvirtDomain guest) => guest.GetXml(DomainXmlOptions.Inactive);

    private static string Words(Plan plan) => string.Join(' ', plan.Steps.Select(step => step.Kind));
}
