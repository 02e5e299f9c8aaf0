using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Assignment;

/// <summary>Assignments as people mean them, with a card of two functions, a real libvirt and a real QEMU.</summary>
[LabHost(Iommu.Vtd, Card = true)]
public sealed class RequestTests : IDisposable
{
    private readonly PassthroughHost _host = PassthroughHost.Local();

    public RequestTests() => Shell.Run("modprobe vfio-pci");

    public void Dispose() => LeftJournal.Clear();

    [Fact]
    public async Task A_whole_card_is_one_card_in_the_guest_and_comes_back_whole()
    {
        using var vm = LabDomain.Define("card");
        var before = vm.Definition;

        var plan = _host.Plan(new AssignmentRequest(Device.Card) { WholeCards = true }, vm.Domain);

        Assert.Equal([Device.Card, Device.CardTwo], plan.Devices);
        Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.PlanDeviceComesAlong && finding.Devices.Contains(Device.CardTwo));
        await Apply(plan);
        Assert.Equal(["0", "1"], PlacesIn(vm.Definition).Select(place => $"{place.Function}"));
        Assert.Single(PlacesIn(vm.Definition).Select(place => (place.Bus, place.Slot)).Distinct());
        Assert.Empty(_host.Plan(new AssignmentRequest(Device.Card) { WholeCards = true }, vm.Domain).Steps);

        vm.Domain.Start();
        Assert.Equal(["vfio-pci", "vfio-pci"], Drivers());
        var seen = Shell.Run("virsh qemu-monitor-command card --hmp 'info pci'").Split('\n').Where(line => line.Contains("function", StringComparison.Ordinal)).ToList();
        Assert.Contains(seen, line => line.Contains("Bus  1, device   0, function 1", StringComparison.Ordinal));

        // libvirt itself says that it unplugs no function of such a slot.
        var refused = _host.PlanRelease(new ReleaseRequest(Device.Card) { WholeCards = true }, vm.Domain);
        Assert.Contains(refused.Findings, finding => finding.Id == FindingIds.PlanSharedSlot);
        Assert.True(refused.IsRefused);
        Assert.Contains("multifunction", Shell.Try($"virsh detach-device-alias card {DomainXml.AliasOf(vm.Domain.GetXml(), Device.Card)} --live").Errors, StringComparison.Ordinal);

        // From the definition it goes at once, and from the guest when that ends.
        await Apply(_host.PlanRelease(new ReleaseRequest(Device.Card) { WholeCards = true, Scope = AssignmentScope.Definition }, vm.Domain));
        Assert.Equal(before, vm.Definition);
        Assert.Equal(["vfio-pci", "vfio-pci"], Drivers());
        vm.Domain.Destroy();
        Assert.Equal(["e1000e", "e1000e"], Drivers());
        Assert.Empty(_host.PlanRelease(new ReleaseRequest(Device.Card) { WholeCards = true }, vm.Domain).Steps);
    }

    [Fact]
    public async Task A_running_guest_gets_the_functions_apart_and_the_card_at_its_next_start()
    {
        using var vm = LabDomain.Define("apart", freePorts: 3);
        vm.Domain.Start();

        var plan = _host.Plan(new AssignmentRequest(Device.Card) { WholeCards = true }, vm.Domain);

        Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.PlanFunctionsApart);
        await Apply(plan);
        Assert.Equal(2, PlacesIn(vm.Domain.GetXml()).Select(place => place.Bus).Distinct().Count());
        Assert.Single(PlacesIn(vm.Definition).Select(place => place.Bus).Distinct());
        vm.Domain.Destroy();
        vm.Domain.Start();
        Assert.Single(PlacesIn(vm.Domain.GetXml()).Select(place => place.Bus).Distinct());
        vm.Domain.Destroy();
        await Apply(_host.PlanRelease(new ReleaseRequest(Device.Card) { WholeCards = true }, vm.Domain));
        Assert.Equal(["e1000e", "e1000e"], Drivers());
    }

    [Fact]
    public async Task Half_a_group_is_refused_and_the_whole_group_goes_with_consent()
    {
        using var vm = LabDomain.Define("group", devices: "<controller type='pci' model='pcie-to-pci-bridge'/>");

        Assert.Contains(_host.Plan([Device.SharedNic], vm.Domain).Findings, finding => finding is { Id: FindingIds.GroupNotViable, Severity: FindingSeverity.Error });
        var plan = _host.Plan(new AssignmentRequest(Device.SharedNic) { WholeGroups = true }, vm.Domain);

        Assert.False(plan.IsRefused, plan.ToString());
        Assert.Equal(2, plan.Devices.Count);
        Assert.Contains("same IOMMU group", Assert.Single(plan.Findings, finding => finding.Id == FindingIds.PlanDeviceComesAlong).Title, StringComparison.Ordinal);
        await Apply(plan);
        vm.Domain.Start();
        Assert.Equal("vfio-pci", Device.DriverOf(Device.SharedNic));
        vm.Domain.Destroy();
        await Apply(_host.PlanRelease(plan.Devices, vm.Domain));
        Assert.All(plan.Devices, device => Assert.Equal("e1000", Device.DriverOf(device)));
    }

    [Fact]
    public async Task The_running_guest_alone_or_the_definition_alone_is_changed()
    {
        using var vm = LabDomain.Define("scoped");
        var before = vm.Definition;
        Assert.Contains("shut off", Assert.Throws<AssignmentException>(
            () => _host.Plan(new AssignmentRequest(Device.Nic) { Scope = AssignmentScope.Live }, vm.Domain)).Message, StringComparison.Ordinal);
        vm.Domain.Start();

        await Apply(_host.Plan(new AssignmentRequest(Device.Nic) { Scope = AssignmentScope.Live }, vm.Domain));
        Assert.Equal(before, vm.Definition);
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        vm.Domain.Destroy();
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));

        vm.Domain.Start();
        await Apply(_host.Plan(new AssignmentRequest(Device.Nic) { Scope = AssignmentScope.Definition }, vm.Domain));
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.NotEmpty(PlacesIn(vm.Definition));
        await Apply(_host.PlanRelease(new ReleaseRequest(Device.Nic) { Scope = AssignmentScope.Definition }, vm.Domain));
        Assert.Equal(before, vm.Definition);
    }

    [Fact]
    public async Task What_libvirt_does_not_manage_the_plan_binds_and_the_release_returns()
    {
        using var vm = LabDomain.Define("unmanaged");
        var before = vm.Definition;

        var plan = _host.Plan(new AssignmentRequest(Device.Nic) { IsManaged = false }, vm.Domain);

        Assert.Equal([PlanStepKind.DetachFromHost, PlanStepKind.AddToDefinition], plan.Steps.Select(step => step.Kind));
        Assert.Contains(plan.Findings, finding => finding is { Id: FindingIds.PlanNotBoundAtBoot, Severity: FindingSeverity.Warning });
        await Apply(plan);
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        vm.Domain.Start();
        vm.Domain.Destroy();
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        await Apply(_host.PlanRelease([Device.Nic], vm.Domain));
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Equal(before, vm.Definition);
    }

    [Fact]
    public async Task A_guest_without_a_free_port_gets_the_device_at_its_next_start_and_ports_for_later()
    {
        using var vm = LabDomain.Define("full", freePorts: 0);
        vm.Domain.Start();
        Assert.Contains(_host.Plan([Device.Nic], vm.Domain).Findings, finding => finding is { Id: FindingIds.DomainNoFreeSlot, Severity: FindingSeverity.Error });

        var plan = _host.Plan(new AssignmentRequest(Device.Nic) { Scope = AssignmentScope.Definition, SparePorts = 2 }, vm.Domain);

        Assert.False(plan.IsRefused, plan.ToString());
        Assert.Equal([PlanStepKind.AddPorts, PlanStepKind.AddToDefinition], plan.Steps.Select(step => step.Kind));
        await Apply(plan);
        vm.Domain.Destroy();
        vm.Domain.Start();
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        var later = _host.Plan(new AssignmentRequest(Device.Card) { WholeCards = true, Scope = AssignmentScope.Live }, vm.Domain);
        Assert.DoesNotContain(later.Findings, finding => finding.Id == FindingIds.DomainNoFreeSlot);
        vm.Domain.Destroy();
        await Apply(_host.PlanRelease([Device.Nic], vm.Domain));
    }

    [Fact]
    public async Task A_plan_with_ports_and_a_card_that_fails_leaves_the_definition_as_it_was()
    {
        using var vm = LabDomain.Define("undone", freePorts: 2);
        vm.Domain.Start();
        var before = vm.Definition;

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => _host.Plan(new AssignmentRequest(Device.Card) { WholeCards = true, SparePorts = 3 }, vm.Domain).ApplyAsync(
            new OnProgress(progress =>
            {
                // Both ports are taken before the first function needs one: a guest without an operating system would not release it.
                if (progress is { Step.Kind: PlanStepKind.AttachLive, State: PlanStepState.Started })
                {
                    vm.Domain.AttachDevice("<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>", DeviceAffect.Live);
                    vm.Domain.AttachDevice("<rng model='virtio'><backend model='random'>/dev/random</backend></rng>", DeviceAffect.Live);
                }
            }),
            TestContext.Current.CancellationToken));

        Assert.Equal(PlanStepKind.AttachLive, error.Step.Kind);
        Assert.Empty(error.NotUndone);
        Assert.Equal(before, vm.Definition);
        Assert.Equal(["e1000e", "e1000e"], Drivers());
    }

    [Fact]
    public async Task An_alias_and_a_place_are_those_of_the_request_and_a_failed_release_puts_them_back()
    {
        using var vm = LabDomain.Define("named", freePorts: 3);
        vm.Domain.Start();
        var place = PciAddress.Parse("0000:03:00.0");
        var element = new PciHostDevice { Address = Device.Nic, Alias = "ua-nic", Rom = new DeviceRom { Bar = false }, GuestAddress = new PciGuestAddress(place) };

        await Apply(_host.Plan(new AssignmentRequest(Device.Nic) { Elements = [element] }, vm.Domain));

        Assert.All([vm.Definition, vm.Domain.GetXml()], xml =>
        {
            var device = Assert.IsType<PciHostDevice>(DomainDocument.Parse(xml).FindPciDevice(Device.Nic));
            Assert.Equal(("ua-nic", false, place), (device.Alias, device.Rom?.Bar, (device.GuestAddress as PciGuestAddress)?.Address));
        });
        var error = await Assert.ThrowsAsync<PlanFailedException>(() =>
            _host.PlanRelease(new ReleaseRequest(Device.Nic), vm.Domain, new PlanOptions { UnplugTimeout = TimeSpan.FromSeconds(1) }).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(PlanStepKind.DetachLive, error.Step.Kind); // the guest has no operating system that would answer
        Assert.Equal("ua-nic", DomainDocument.Parse(vm.Domain.GetXml()).FindPciDevice(Device.Nic)!.Alias);
        vm.Domain.Destroy();
        await Apply(_host.PlanRelease([Device.Nic], vm.Domain));
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }

    [Fact]
    public void The_command_line_takes_the_same_wishes_and_saves_them()
    {
        using var vm = LabDomain.Define("spoken");
        var before = vm.Definition;

        Shell.Run($"{CommandLine.Program} plan {Device.Card} --domain spoken --whole-card --spare-ports 2 --json > /run/card.json");
        Shell.Run($"{CommandLine.Program} apply /run/card.json --yes");

        Assert.Equal(2, PlacesIn(vm.Definition).Count());
        Assert.Contains("nothing to do", Shell.Run($"{CommandLine.Program} plan {Device.Card} --domain spoken --whole-card --spare-ports 2"), StringComparison.Ordinal);
        Shell.Run($"{CommandLine.Program} release {Device.Card} --domain spoken --whole-card");
        Assert.Empty(PlacesIn(vm.Definition));
        Assert.NotEqual(before, vm.Definition); // the ports stay
    }

    private static Task Apply(AssignmentPlan plan) => plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);

    private static IEnumerable<string?> Drivers() => [Device.DriverOf(Device.Card), Device.DriverOf(Device.CardTwo)];

    private static IEnumerable<PciAddress> PlacesIn(string xml) =>
        DomainDocument.Parse(xml).HostDevices.Select(device => ((PciGuestAddress)device.GuestAddress!).Address!.Value);
}
