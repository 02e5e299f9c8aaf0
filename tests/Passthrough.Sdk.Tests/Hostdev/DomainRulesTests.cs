using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>What libvirt refuses because of two devices of one domain.</summary>
public sealed class DomainRulesTests
{
    private const string Nic = "<hostdev type='pci'><source><address bus='1'/></source>@</hostdev>";

    [Theory]
    [InlineData("<address type='pci' bus='3' slot='0'/>", "<interface type='network'><address type='pci' domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></interface>", "0000:03:00.0")]
    [InlineData("<address type='pci' bus='3' slot='1' function='2'/>", "<controller type='usb'><address type='pci' bus='3' slot='1' function='2'/></controller>", "0000:03:01.2")]
    [InlineData("<boot order='1'/>", "<disk><boot order='1'/></disk>", "boot order 1")]
    [InlineData("<boot order='2'/>", "<interface type='network'><boot order='2'/></interface>", "boot order 2")]
    [InlineData("<alias name='ua-a'/>", "<disk><alias name='ua-a'/></disk>", "ua-a")]
    [InlineData("", "<hostdev type='pci'><source><address domain='0' bus='0x01' slot='0' function='0'/></source></hostdev>", "already")]
    [InlineData("", "<interface type='hostdev'><source><address type='pci' bus='1'/></source></interface>", "already")]
    public void Two_devices_cannot_share_one_thing(string part, string other, string rule)
    {
        var device = Nic.Replace("@", part, StringComparison.Ordinal);
        foreach (var devices in (string[])[device + other, other + device])
        {
            var error = Assert.Throws<LibvirtXmlException>(() => DomainDocument.Parse($"<domain>\n<devices>{devices}</devices></domain>"));
            Assert.Contains(rule, error.Message, StringComparison.Ordinal);
            Assert.Equal(2, error.Line);
        }
    }

    [Theory]
    [InlineData("<address type='pci' bus='3' slot='0'/>", "<disk><address type='pci' bus='3' slot='0' function='1'/></disk>")]
    [InlineData("<address type='pci'/>", "<disk><address type='pci'/></disk>")]
    [InlineData("<address type='pci' domain='0' bus='0' slot='0' function='0'/>", "<disk><address type='pci' domain='0' bus='0' slot='0' function='0'/></disk>")]
    [InlineData("<boot order='1'/>", "<disk><boot order='2'/></disk>")]
    [InlineData("<alias name='hostdev0'/>", "<disk><alias name='hostdev0'/></disk>")]
    [InlineData("", "<hostdev type='pci'><source><address bus='2'/></source></hostdev>")]
    public void What_only_looks_alike_is_taken(string part, string other) =>
        Assert.NotEmpty(DomainDocument.Parse($"<domain><devices>{Nic.Replace("@", part, StringComparison.Ordinal)}{other}</devices></domain>").HostDevices);

    [Theory]
    [InlineData("<disk><boot order='1'/></disk><interface type='network'><boot order='1'/></interface>")]
    [InlineData("<serial type='dev'><address type='pci' bus='0' slot='4'/></serial><console type='dev'><address type='pci' bus='0' slot='4'/></console>")]
    public void What_other_devices_share_is_not_our_business(string others) =>
        Assert.Single(DomainDocument.Parse($"<domain><os><boot dev='hd'/></os><devices>{others}{Nic.Replace("@", "", StringComparison.Ordinal)}</devices></domain>").HostDevices);

    [Fact]
    public void A_channel_device_number_is_one_devices()
    {
        const string mdev = "<hostdev mode='subsystem' type='mdev' model='vfio-ccw'><source><address uuid='90c6c135-ad44-41d0-b1b7-bae47de48627'/></source>"
            + "<address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/></hostdev>";
        var error = Assert.Throws<LibvirtXmlException>(() => DomainDocument.Parse(
            $"<domain><devices>{mdev}<disk><address type='ccw' cssid='254' ssid='0' devno='1'/></disk></devices></domain>"));
        Assert.Contains("fe.0.0001 is in use", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<interface type='hostdev'><source><address type='pci' bus='1'/></source><backend tap='/dev/t'/></interface>")]
    [InlineData("<interface type='hostdev'><source><address type='pci' bus='1'/></source><bandwidth><inbound average='1'/></bandwidth></interface>")]
    [InlineData("<interface type='hostdev'><source><address type='pci' bus='1'/></source><vlan trunk='yes'><tag id='1'/><tag id='2'/></vlan></interface>")]
    [InlineData("<interface type='hostdev'><source><address type='usb' bus='1' device='2'/></source><address type='usb' bus='0' port='1'/></interface>")]
    [InlineData("<hostdev type='usb'><address type='usb' bus='0' port='1'/></hostdev>")]
    [InlineData("<hostdev type='usb'><source><vendor id='0x12345'/><product id='0x0001'/></source></hostdev>")]
    [InlineData("<hostdev type='mdev' model='vfio-pci' display='off' ramfb='on'><source><address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/></source></hostdev>")]
    [InlineData("<hostdev type='scsi'><source protocol='iscsi' name='a/0'><host/></source></hostdev>")]
    public void What_libvirt_stores_and_refuses_at_start_only_is_read_and_written_back(string xml)
    {
        var device = PassthroughDevice.ParseAll($"<domain><devices>{xml}</devices></domain>")[0];
        Assert.Equal(device, PassthroughDevice.ParseAll(device.ToXml())[0]);
        Assert.Equal(xml, LibvirtXml.Rewrite(xml));
    }

    [Fact]
    public void What_libvirt_refuses_at_start_cannot_be_built()
    {
        var nic = HostDeviceFactory.VirtualFunction(PciAddress.Parse("01:00.1"));
        Assert.Throws<LibvirtXmlException>(() => nic with { Vlan = new InterfaceVlan { Tags = [new VlanTag(1), new VlanTag(2)] } });
        Assert.Throws<LibvirtXmlException>(() => (nic with { GuestAddress = new UsbGuestAddress() }).ToXml());
        Assert.Throws<LibvirtXmlException>(() => new HostInterface().ToXml());
        Assert.Throws<LibvirtXmlException>(() => new UsbHostDevice().ToXml());
        Assert.Throws<LibvirtXmlException>(() => (HostDeviceFactory.Vgpu(Guid.NewGuid()) with { Ramfb = true }).ToXml());
    }

    [Fact]
    public void A_boot_order_and_boot_devices_of_the_firmware_exclude_each_other()
    {
        var document = DomainDocument.Parse("<domain><os><boot dev='hd'/></os><devices/></domain>");
        var error = Assert.Throws<LibvirtXmlException>(() => document.Add(HostDeviceFactory.Nic(PciAddress.Parse("01:00.0"), bootOrder: 1)));
        Assert.Contains("<boot dev='...'/> in <os>", error.Message, StringComparison.Ordinal);
        Assert.Single(document.Add(HostDeviceFactory.Nic(PciAddress.Parse("01:00.0"))).HostDevices);
    }

    [Fact]
    public void Many_devices_are_told_apart()
    {
        var devices = string.Concat(Enumerable.Range(1, 2000).Select(i =>
            $"<hostdev type='pci'><source><address domain='{i}'/></source><boot order='{i}'/><alias name='ua-{i}'/><address type='pci' bus='{i & 0xff}' slot='{i >> 8}'/></hostdev>"));
        Assert.Equal(2000, DomainDocument.Parse($"<domain><devices>{devices}</devices></domain>").HostDevices.Count);
    }
}
