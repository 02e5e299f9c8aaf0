using Moq;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Assignment.Guards;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Assignment;

/// <summary>A domain that continues from a managed save image at its next start, with the devices that it had then.</summary>
public sealed class ManagedSaveTests : IDisposable
{
    private const string Name = "0000:01:00.0";
    private const string Other = "0000:02:00.0";

    private static readonly PciAddress Nic = PciAddress.Parse(Name);
    private static readonly PciAddress SecondNic = PciAddress.Parse(Other);
    private static readonly PlanOptions Accepting = new() { Accepted = [FindingIds.DomainManagedSave] };

    private readonly FakeHost _fake = FakeHost.Create()
        .AddSystem()
        .AddPciDriver("vfio-pci")
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 5)
        .AddPciDevice(Name, vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 7, parent: "0000:00:1c.0")
        .AddPciBridge("0000:00:1c.1", secondaryBus: 2, iommuGroup: 6)
        .AddPciDevice(Other, vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 8, parent: "0000:00:1c.1")
        .AddNetworkInterface(Name, "enp1s0")
        .AddNetworkInterface(Other, "enp2s0");

    private readonly FakeLibvirt _libvirt;

    public ManagedSaveTests() => _libvirt = new(_fake);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _libvirt.Dispose();
        _fake.Dispose();
    }

    [Fact]
    public async Task A_release_that_the_next_start_would_take_back_is_refused_until_it_is_accepted()
    {
        var guest = _libvirt.AddDomain("vm1");
        await _fake.Open().Plan([Nic], guest).ApplyAsync(cancellationToken: Token);
        guest.ManagedSave = Definition(guest);

        var plan = _fake.Open().PlanRelease([Nic], guest);

        var finding = Assert.Single(plan.Findings, finding => finding.Id == FindingIds.DomainManagedSave);
        Assert.True(plan.IsRefused);
        Assert.Equal((FindingSeverity.Error, [Nic]), (finding.Severity, finding.Devices));
        Assert.Contains("virsh managedsave-remove vm1", finding.Remedy, StringComparison.Ordinal);
        await _fake.Open().PlanRelease([Nic], guest, Accepting).ApplyAsync(cancellationToken: Token);
        Assert.DoesNotContain("<hostdev", Definition(guest), StringComparison.Ordinal);

        // What the finding says of such a start.
        guest.Start();
        Assert.Equal("vfio-pci", _fake.DriverOf(Name));
    }

    [Fact]
    public async Task An_assignment_that_the_next_start_would_not_know_is_refused_until_it_is_accepted()
    {
        var guest = _libvirt.AddDomain("vm1");
        guest.ManagedSave = Definition(guest);

        Assert.True(_fake.Open().Plan([Nic], guest).IsRefused);
        Assert.Contains(_fake.Open().Plan([Nic], guest).Findings, finding => finding is { Id: FindingIds.DomainManagedSave, Severity: FindingSeverity.Error });

        // Two devices: the guards are asked again between the steps, when the definition has the first one already.
        await _fake.Open().Plan([Nic, SecondNic], guest, Accepting).ApplyAsync(cancellationToken: Token);
        guest.Start();
        Assert.Equal("e1000e", _fake.DriverOf(Name));
    }

    [Fact]
    public async Task An_image_that_appears_after_the_plan_was_made_refuses_it()
    {
        var guest = _libvirt.AddDomain("vm1");
        var plan = _fake.Open().Plan([Nic], guest);
        guest.ManagedSave = Definition(guest);

        var refused = await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: Token));

        Assert.Equal(FindingIds.DomainManagedSave, Assert.Single(refused.Findings).Id);
        Assert.DoesNotContain("<hostdev", Definition(guest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_leaves_the_definition_alone_and_a_domain_without_an_image_are_not_asked_about_it()
    {
        var guest = _libvirt.AddDomain("vm1");
        await _fake.Open().Plan([Nic], guest).ApplyAsync(cancellationToken: Token);
        Assert.DoesNotContain(_fake.Open().PlanRelease([Nic], guest).Findings, finding => finding.Id == FindingIds.DomainManagedSave);
        guest.ManagedSave = Definition(guest);

        Assert.DoesNotContain(_fake.Open().Plan([Nic], guest).Findings, finding => finding.Id == FindingIds.DomainManagedSave);
        Assert.DoesNotContain(_fake.Open().PlanRelease([SecondNic], guest).Findings, finding => finding.Id == FindingIds.DomainManagedSave);

        guest.Start();
        Assert.Null(guest.ManagedSave);
        guest.ManagedSave = Definition(guest); // a running domain is not about to restore one
        Assert.False(_fake.Open().PlanRelease([Nic], guest).IsRefused);
    }

    [Fact]
    public void A_libvirt_that_does_not_answer_is_unknown_and_refuses_the_plan_until_it_is_accepted()
    {
        var domain = new Mock<ILibvirtDomain>();
        domain.SetupGet(each => each.Name).Returns("vm1");
        domain.Setup(each => each.IsPersistent()).Returns(true);
        domain.Setup(each => each.GetXml(DomainXmlOptions.Inactive)).Returns(_libvirt.AddDomain("vm1").GetXml());
        domain.Setup(each => each.HasManagedSaveImage()).Throws(FakeLibvirt.Error(LibvirtErrorCode.Rpc, "the daemon is gone"));

        var finding = Assert.Single(ManagedSave.OfAssignment(domain.Object, AssignmentScope.Both, [Nic]));

        Assert.Equal((true, FindingIds.DomainManagedSave), (finding.IsUndetermined, finding.Id));
        Assert.Contains("the daemon is gone", finding.Title, StringComparison.Ordinal);
        Assert.True(PlanGuards.Refuses(finding, []));
        Assert.False(PlanGuards.Refuses(finding, [FindingIds.DomainManagedSave]));
        Assert.Empty(ManagedSave.OfRelease(domain.Object, AssignmentScope.Both, [Nic]));
        Assert.Empty(ManagedSave.OfAssignment(domain.Object, AssignmentScope.Live, [Nic]));

        domain.Setup(each => each.HasManagedSaveImage()).Throws(FakeLibvirt.Error(LibvirtErrorCode.NoDomain, "no domain"));
        Assert.Throws<LibvirtException>(() => ManagedSave.OfAssignment(domain.Object, AssignmentScope.Both, [Nic]));
    }

    [Fact]
    public void A_domain_with_an_image_is_undefined_only_with_it_and_can_be_started_without_it()
    {
        var guest = _libvirt.AddDomain("vm1");
        guest.ManagedSave = Definition(guest).Replace("<devices>", "<!-- then --><devices>", StringComparison.Ordinal);

        Assert.Throws<LibvirtException>(() => guest.Undefine());
        guest.Start(DomainStartOptions.ForceBoot);

        Assert.False(guest.HasManagedSaveImage());
        Assert.DoesNotContain("then", guest.GetXml(), StringComparison.Ordinal);
        guest.Destroy();
        guest.ManagedSave = Definition(guest);
        guest.Undefine(DomainUndefineOptions.ManagedSave);
        Assert.False(_libvirt.TryGetDomain("vm1", out _));
    }

    private static string Definition(FakeLibvirtDomain guest) => guest.GetXml(DomainXmlOptions.Inactive);
}
