using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>What other domains have or ask for, and what the domain itself has room for.</summary>
public sealed class DomainRulesTests
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Other = PciAddress.Parse("0000:01:00.1");

    [Fact]
    public void A_device_that_other_definitions_ask_for_is_a_warning_with_their_names()
    {
        var finding = Assert.Single(Check(new DeviceInOtherDefinition(), Defined("web"), Defined("db")));
        Assert.Equal((FindingIds.DeviceInOtherDefinition, FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Contains("web, db", finding.Title, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence.Source == "virsh dumpxml --inactive web");
        Assert.Empty(Check(new DeviceInOtherDefinition(), Defined("web") with { Device = Other }));
        Assert.Empty(Check(new DeviceInOtherDefinition()));
    }

    [Fact]
    public void Without_a_domain_that_it_is_meant_for_one_definition_is_information_and_two_are_a_warning()
    {
        Assert.Equal(FindingSeverity.Info, Assert.Single(new DeviceInOtherDefinition().Check(Context(Defined("web")) with { Target = null })).Severity);
        Assert.Equal(FindingSeverity.Warning, Assert.Single(new DeviceInOtherDefinition().Check(Context(Defined("web"), Defined("db")) with { Target = null })).Severity);
    }

    [Fact]
    public void A_disk_or_an_interface_on_the_device_is_said_to_be_one()
    {
        var disk = Defined("web") with { Form = HostUseForm.Disk, Part = "/dev/nvme0n1", IsIndirect = true };
        var finding = Assert.Single(Check(new DeviceInOtherDefinition(), disk));
        Assert.Contains(finding.Evidence, evidence => evidence.Value == "<disk type='block'> on /dev/nvme0n1");
        Assert.Contains(
            Assert.Single(Check(new DeviceInOtherDefinition(), disk with { Form = HostUseForm.Interface, Part = "enp1s0" })).Evidence,
            evidence => evidence.Value == "<interface type='direct'> on enp1s0");
    }

    [Fact]
    public void A_domain_that_gets_the_device_and_has_a_disk_on_it_is_warned_of_its_next_start()
    {
        var disk = Defined("target") with { Form = HostUseForm.Disk, Part = "/dev/nvme0n1", IsIndirect = true };
        var context = Context() with { Target = new PlanTarget("target") { Uses = [disk] } };
        var finding = Assert.Single(new DeviceInOtherDefinition().Check(context));
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.StartsWith("the definition of target also has <disk type='block'> on /dev/nvme0n1", finding.Title, StringComparison.Ordinal);
        Assert.False(context.Target!.Names(Nic)); // a release has nothing to take from it
        Assert.Empty(new DomainDeviceByHand().Check(context));
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    public void Another_member_of_the_group_goes_along_if_the_definition_of_a_domain_that_is_shut_off_takes_it(bool runs, bool isManaged, bool goes)
    {
        var target = new PlanTarget("target")
        {
            Live = runs ? DomainDocument.Parse("<domain type='kvm'/>") : null,
            Uses = [Defined("target") with { Device = Other, IsManaged = isManaged }],
        };
        Assert.Equal(goes, target.Takes(Other));
        Assert.False(target.Takes(Nic));
    }

    [Theory]
    [InlineData(HostUseForm.Disk, "<disk>")]
    [InlineData(HostUseForm.CommandLine, "<qemu:commandline>")]
    public void A_running_domain_owns_a_device_in_whichever_way_it_takes_it(HostUseForm form, string element)
    {
        var finding = Assert.Single(Check(new DeviceInUseByDomain(), Defined("web") with { IsRunning = true, Form = form }));
        Assert.Equal(FindingIds.DeviceInUseByDomain, finding.Id);
        Assert.Contains("web", finding.Title, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence.Value == element);
    }

    [Fact]
    public void The_evidence_is_the_element_of_that_device_in_that_domain()
    {
        var finding = Assert.Single(Check(
            new DeviceInUseByDomain(),
            Defined("web") with { Form = HostUseForm.CommandLine },
            Defined("web") with { Device = Other, IsRunning = true, Form = HostUseForm.Disk },
            Defined("web") with { IsRunning = true, Form = HostUseForm.Interface }));
        Assert.Equal(new Evidence("virsh dumpxml web", "<interface>"), Assert.Single(finding.Evidence));
    }

    [Fact]
    public void A_domain_that_libvirt_names_without_an_element_owns_the_device_too()
    {
        var context = Context() with { Owners = new Dictionary<PciAddress, string> { [Nic] = "web" } };
        Assert.Equal(new Evidence("virDomainGetXMLDesc", "web"), Assert.Single(Assert.Single(new DeviceInUseByDomain().Check(context)).Evidence));
    }

    [Fact]
    public void Groups_do_not_matter_to_a_guest_of_Xen()
    {
        var context = Context(Defined("web") with { Device = Other, IsRunning = true });
        var xen = new ReadinessContext(context.Snapshot, GuestKind.XenPv) { Addresses = context.Addresses, Uses = context.Uses, Target = context.Target };
        Assert.Empty(new GroupInUseByDomain().Check(xen));
    }

    [Fact]
    public void A_group_of_which_another_running_domain_has_a_member_is_refused_by_name()
    {
        var finding = Assert.Single(Check(new GroupInUseByDomain(), Defined("web") with { Device = Other, IsRunning = true }));
        Assert.Equal((FindingIds.GroupInUseByDomain, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("the running domain web has 0000:01:00.1", finding.Title, StringComparison.Ordinal);
        Assert.Equal(FindingSeverity.Warning, Assert.Single(Check(new GroupInUseByDomain(), Defined("web") with { Device = Other })).Severity);
        Assert.Empty(Check(new GroupInUseByDomain(), Defined("web") with { IsRunning = true })); // the device itself: another rule's
        Assert.Empty(Check(new GroupInUseByDomain()));
    }

    [Fact]
    public void A_virtual_function_in_a_definition_keeps_its_number_from_shrinking()
    {
        var finding = Assert.Single(Check(new VirtualFunctionInDefinition(), Defined("web") with { Network = "pool", Form = HostUseForm.Interface }));
        Assert.Equal((FindingIds.VirtualFunctionInDefinition, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("definition of web", finding.Title, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence.Value.Contains("network 'pool'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("<controller type='pci' index='1' model='pcie-root-port'/>", false)]
    [InlineData("<controller type='pci' index='1' model='pcie-root-port'/><disk><address type='pci' bus='1' slot='0'/></disk>", true)]
    public void A_running_domain_without_room_is_told_before_anything_happens(string devices, bool isRefused)
    {
        var context = Context() with { Target = Running($"<controller type='pci' index='0' model='pcie-root'/>{devices}") };
        var findings = new DomainNoFreeSlot().Check(context).ToList();
        Assert.Equal(isRefused ? 1 : 0, findings.Count);
        Assert.All(findings, finding => Assert.Equal((FindingIds.DomainNoFreeSlot, FindingSeverity.Error), (finding.Id, finding.Severity)));
        Assert.All(findings, finding => Assert.Contains("pcie-root-port", finding.Remedy, StringComparison.Ordinal));
        Assert.Empty(new DomainNoFreeSlot().Check(context with { Target = new PlanTarget("vm") }));
    }

    [Fact]
    public void A_device_that_the_domain_has_already_needs_no_room() => Assert.Empty(new DomainNoFreeSlot().Check(Context() with
    {
        Target = Running("<controller type='pci' index='0' model='pcie-root'/><hostdev type='pci'><source><address bus='1'/></source></hostdev>"),
    }));

    [Fact]
    public void What_only_the_administrator_can_change_is_named_with_how()
    {
        var byHand = Defined("vm") with { Form = HostUseForm.CommandLine, IsRunning = true };
        var finding = Assert.Single(new DomainDeviceByHand().Check(Context() with { Target = new PlanTarget("vm") { Uses = [byHand] } }));
        Assert.Equal((FindingIds.DomainDeviceByHand, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("virsh shutdown vm", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains("<qemu:arg>", finding.Remedy, StringComparison.Ordinal);

        // Where the rest can be taken out, that is done.
        Assert.Equal(FindingSeverity.Warning, Assert.Single(new DomainDeviceByHand().Check(Context() with { Target = new PlanTarget("vm") { Uses = [byHand, Defined("vm")] } })).Severity);
        Assert.Empty(new DomainDeviceByHand().Check(Context() with { Target = new PlanTarget("vm") { Uses = [Defined("vm")] } }));
    }

    private static DomainDeviceUse Defined(string domain) => new() { Domain = domain, Device = Nic, IsRunning = false, Form = HostUseForm.Hostdev };

    private static PlanTarget Running(string devices) => new("vm")
    {
        Live = DomainDocument.Parse($"<domain type='qemu'><os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os><devices>{devices}</devices></domain>"),
    };

    private static List<Finding> Check(IReadinessRule rule, params ValueList<DomainDeviceUse> uses) => [.. rule.Check(Context(uses))];

    private static ReadinessContext Context(params ValueList<DomainDeviceUse> uses)
    {
        using var host = FakeHost.Create().WithVfio()
            .AddPciDevice(Nic.ToString(), 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 7, config: Express()).AddPciDevice(Other.ToString(), 0x8086, 0x10d3, iommuGroup: 7);
        var snapshot = PassthroughHost.At(host.Root).Capture(new() { DetailsOf = [Nic] });
        return new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = [Nic], Uses = uses, Target = new PlanTarget("vm") };
    }

    /// <summary>A configuration space with one capability: that of PCI Express.</summary>
    private static byte[] Express()
    {
        var config = new byte[256];
        (config[0], config[1], config[2], config[3]) = (0x86, 0x80, 0xd3, 0x10);
        (config[0x06], config[0x34], config[0x40]) = (0x10, 0x40, 0x10);
        return config;
    }
}
