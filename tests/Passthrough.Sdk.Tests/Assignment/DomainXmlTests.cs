using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Assignment;

public sealed class DomainXmlTests
{
    private const string Domain = """
        <domain type='kvm'>
          <name>vm1</name>
          <os><type arch='x86_64' machine='q35'>hvm</type></os>
          <devices>
            <disk type='block' device='disk'><source dev='/dev/sda'/><target dev='vda'/></disk>
            <interface type='hostdev' managed='yes'>
              <mac address='52:54:00:6d:90:02'/>
              <source><address type='pci' domain='0x0000' bus='0x02' slot='0x10' function='0x1'/></source>
              <alias name='hostdev1'/>
              <address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/>
            </interface>
            <hostdev mode='subsystem' type='pci' managed='yes'>
              <source><address domain='0' bus='1' slot='0' function='0'/></source>
              <alias name='hostdev0'/>
              <address type='pci' domain='0x0000' bus='0x06' slot='0x00' function='0x0'/>
            </hostdev>
          </devices>
        </domain>
        """;

    private static readonly PciAddress Card = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress VirtualFunction = PciAddress.Parse("0000:02:10.1");

    [Fact]
    public void A_device_is_found_as_hostdev_and_as_interface_and_not_by_its_guest_address()
    {
        Assert.True(DomainXml.Asks(Domain, Card));
        Assert.True(DomainXml.Asks(Domain, VirtualFunction));
        Assert.False(DomainXml.Asks(Domain, PciAddress.Parse("0000:05:00.0")));
        Assert.Equal(("hostdev0", "hostdev1"), (DomainXml.AliasOf(Domain, Card), DomainXml.AliasOf(Domain, VirtualFunction)));
    }

    [Fact]
    public void An_interface_is_taken_out_by_its_own_element_without_what_only_one_description_has()
    {
        var element = DomainXml.ElementOf(VirtualFunction, "", Domain);
        Assert.StartsWith("<interface type='hostdev'", element, StringComparison.Ordinal);
        Assert.Contains("52:54:00:6d:90:02", element, StringComparison.Ordinal);
        Assert.DoesNotContain("alias", element, StringComparison.Ordinal);
        Assert.DoesNotContain("bus='0x05'", element, StringComparison.Ordinal);
        Assert.StartsWith("<hostdev", DomainXml.ElementOf(Card, Domain), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_is_put_back_with_its_place_and_the_alias_of_a_user()
    {
        Assert.Contains("bus='0x05'", DomainXml.StoredOf(VirtualFunction, "", Domain), StringComparison.Ordinal);
        Assert.DoesNotContain("alias", DomainXml.StoredOf(VirtualFunction, Domain), StringComparison.Ordinal);
        Assert.Contains("ua-nic", DomainXml.StoredOf(VirtualFunction, Domain.Replace("hostdev1", "ua-nic", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_a_domain_without_some_devices_is_all_the_rest()
    {
        const string accepted = "<metadata><passthrough:accepted xmlns:passthrough='urn:passthrough-sdk:accepted'><passthrough:finding>x</passthrough:finding></passthrough:accepted></metadata>";
        var without = DomainDocument.Parse(Domain).Remove(DomainDocument.Parse(Domain).FindPciDevice(Card)!).ToString();

        Assert.Equal(without, DomainXml.Without([Card], Domain));
        Assert.Equal(without, DomainXml.Without([Card], without));
        Assert.Equal(without, DomainXml.Without([Card], Domain.Replace("\n  <os>", $"\n  {accepted}\n  <os>", StringComparison.Ordinal)));
        Assert.NotEqual(without, DomainXml.Without([Card], Domain.Replace("vda", "vdb", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_disk_that_QEMU_drives_itself_is_asked_for_and_taken_out_as_a_disk()
    {
        const string disk = "<disk type='nvme' device='disk'><source type='pci' managed='yes' namespace='1'><address bus='4'/></source><target dev='vda' bus='virtio'/><alias name='virtio-disk0'/></disk>";
        const string domain = $"<domain type='kvm'><devices>{disk}</devices></domain>";
        var controller = PciAddress.Parse("0000:04:00.0");
        Assert.True(DomainXml.Asks(domain, controller));
        Assert.Equal("virtio-disk0", DomainXml.AliasOf(domain, controller));
        Assert.Equal(disk, DomainXml.ElementOf(controller, domain));
    }

    [Fact]
    public void What_arguments_for_QEMU_take_is_taken_and_cannot_be_taken_out()
    {
        const string domain = "<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><devices/>"
            + "<qemu:commandline><qemu:arg value='-device'/><qemu:arg value='vfio-pci,host=01:00.0'/></qemu:commandline></domain>";
        Assert.True(DomainXml.Takes(domain, Card));
        Assert.False(DomainXml.Asks(domain, Card));
    }

    [Fact]
    public void A_device_without_a_name_is_still_there()
    {
        const string xen = "<domain type='xen' id='3'><devices><hostdev mode='subsystem' type='pci' managed='yes'><source><address bus='1'/></source></hostdev></devices></domain>";
        Assert.True(DomainXml.Asks(xen, Card));
        Assert.Null(DomainXml.AliasOf(xen, Card));
    }

    [Theory]
    [InlineData("kvm", "hvm", GuestKind.Qemu)]
    [InlineData("qemu", "hvm", GuestKind.Qemu)]
    [InlineData("xen", "hvm", GuestKind.XenHvm)]
    [InlineData("xen", "linux", GuestKind.XenPv)]
    public void The_kind_of_guest_decides_what_the_host_needs(string type, string os, GuestKind kind) =>
        Assert.Equal(kind, DomainXml.GuestKindOf($"<domain type='{type}'><name>a</name><os><type>{os}</type></os></domain>"));
}
