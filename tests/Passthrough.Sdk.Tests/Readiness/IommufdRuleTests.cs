using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>A domain that asks for IOMMUFD on a host whose kernel has it or not.</summary>
public sealed class IommufdRuleTests : IDisposable
{
    private const string Asks = "<driver iommufd='yes'/>";
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");
    private readonly TestHost _test = TestHost.Intel().WithNic("0000:01:00.0");

    private FakeLibvirt Libvirt => _test.Libvirt;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(Asks, "", true)]
    [InlineData("", "<iommufd enabled='yes'/>", true)]
    [InlineData("<driver iommufd='no'/>", "<iommufd enabled='yes'/>", false)]
    [InlineData("", "<iommufd enabled='no'/>", false)]
    [InlineData("<driver name='vfio'/>", "", false)]
    public void The_devices_own_word_counts_before_the_domains(string driver, string domain, bool asks) =>
        Assert.Equal(asks, Assert.Single(DomainHostUse.ParseAll(Domain("vm1", driver, domain))).UsesIommufd);

    [Fact]
    public void It_is_an_error_for_the_device_and_a_warning_for_the_host()
    {
        Libvirt.DefineDomain(Domain("vm1", Asks));
        var facts = LibvirtFacts.Read(Libvirt);

        var finding = Assert.Single(_test.Capture().CheckDevice(Nic, GuestKind.Qemu, facts), IsIommufd);

        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Equal("vm1 asks for IOMMUFD, and /dev/iommu does not exist", finding.Title);
        Assert.Equal([Nic], finding.Devices);
        Assert.Contains(finding.Evidence, evidence => evidence is { Source: "virsh dumpxml --inactive vm1", Value: "iommufd" });
        Assert.Contains(finding.Evidence, evidence => evidence.Value == "CONFIG_IOMMUFD=(not set)");
        Assert.StartsWith("remove iommufd from vm1", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal(FindingSeverity.Warning, Assert.Single(_test.Capture().CheckDevices([], GuestKind.Qemu, facts), IsIommufd).Severity);
    }

    [Fact]
    public void A_kernel_that_has_it_as_a_module_only_lacks_the_module()
    {
        Configure("CONFIG_IOMMUFD=m\nCONFIG_VFIO_DEVICE_CDEV=y");
        Libvirt.DefineDomain(Domain("vm1", Asks));
        Assert.Equal("modprobe iommufd", Assert.Single(Check(), IsIommufd).Remedy);

        _test.Files.WriteFile("/dev/iommu", "");

        Assert.DoesNotContain(Check(), IsIommufd);
    }

    [Fact]
    public void A_kernel_without_nodes_for_single_devices_does_not_have_it_either()
    {
        Configure("CONFIG_IOMMUFD=y\n# CONFIG_VFIO_DEVICE_CDEV is not set");
        _test.Files.WriteFile("/dev/iommu", "");
        Libvirt.DefineDomain(Domain("vm1", Asks));

        Assert.Equal("vm1 asks for IOMMUFD, and this kernel creates no nodes for single devices (CONFIG_VFIO_DEVICE_CDEV)", Assert.Single(Check(), IsIommufd).Title);
    }

    [Fact]
    public void A_plan_is_refused_if_its_request_or_its_domain_asks_for_it()
    {
        var host = _test.Open();
        var plain = Libvirt.AddDomain("plain");
        var newer = Libvirt.DefineDomain("<domain type='kvm'><name>newer</name><memory>1024</memory><iommufd enabled='yes'/><os><type arch='x86_64' machine='q35'>hvm</type></os><devices/></domain>");
        var without = new AssignmentRequest(Nic) { Elements = [new PciHostDevice { Address = Nic, Driver = new HostDriver { Iommufd = false } }] };
        var with = new AssignmentRequest(Nic) { Elements = [new PciHostDevice { Address = Nic, Driver = new HostDriver { Iommufd = true } }] };

        Assert.DoesNotContain(host.Plan([Nic], plain).Findings, IsIommufd);
        Assert.Contains(host.Plan(with, plain).Findings, IsIommufd);
        Assert.True(host.Plan([Nic], newer).IsRefused);
        Assert.Contains(host.Plan([Nic], newer).Findings, finding => IsIommufd(finding) && finding.Evidence[0].Source == "the request for newer");
        Assert.DoesNotContain(host.Plan(without, newer).Findings, IsIommufd);
    }

    [Theory]
    [InlineData("# CONFIG_IOMMUFD is not set", FindingIds.VfioIommufdMissing)]
    [InlineData("CONFIG_IOMMUFD=y", FindingIds.VfioIommufdMissing)]
    [InlineData("CONFIG_IOMMUFD=y\nCONFIG_VFIO_DEVICE_CDEV=y", FindingIds.VfioNodeMissing)]
    public void The_error_of_a_missing_node_is_explained_by_what_the_kernel_was_built_with(string options, string cause)
    {
        Configure(options);

        var explanation = _test.Capture().Explain("error: cannot open VFIO device /dev/vfio/devices/vfio0: No such file or directory");

        Assert.Equal(cause, explanation.Findings[0].Id);
        Assert.DoesNotContain(explanation.Findings.Skip(1), finding => finding.Id is FindingIds.VfioIommufdMissing or FindingIds.VfioNodeMissing);
    }

    [Fact]
    public void A_host_on_which_nobody_asks_for_it_misses_nothing()
    {
        Libvirt.DefineDomain(Domain("vm1", ""));
        Assert.DoesNotContain(Check(), IsIommufd);
    }

    private ReadinessReport Check() => _test.Capture().CheckDevice(Nic, GuestKind.Qemu, LibvirtFacts.Read(Libvirt));

    private void Configure(string options) => _test.Files.WriteFile("/boot/config-6.12.0-fake", $"CONFIG_PCI=y\nCONFIG_INTEL_IOMMU=y\nCONFIG_VFIO_PCI=m\n{options}\n");

    private static bool IsIommufd(Finding finding) => finding.Id == FindingIds.VfioIommufdMissing;

    private static string Domain(string name, string driver, string settings = "") => $"""
        <domain type='kvm'><name>{name}</name><memory>1024</memory>{settings}<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>
          <hostdev mode='subsystem' type='pci' managed='yes'>{driver}<source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source></hostdev>
        </devices></domain>
        """;
}
