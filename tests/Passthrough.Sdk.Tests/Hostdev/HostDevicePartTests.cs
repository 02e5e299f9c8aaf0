using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>Parts of devices at the edges of what libvirt takes.</summary>
public sealed class HostDevicePartTests
{
    private const string Pci = "<hostdev mode='subsystem' type='pci'><source><address bus='1'/>{0}</source>{1}</hostdev>";
    private const string VhostScsi = "<hostdev mode='subsystem' type='scsi_host'{0}><source protocol='{1}' wwpn='{2}'{3}/>{4}</hostdev>";
    private const string Wwpn = "naa.5001405df3e54061";

    [Theory]
    [InlineData("52:54:00:6d:90:02", "52:54:00:6d:90:02")]
    [InlineData("52:54:0:6D:90:2", "52:54:00:6d:90:02")]
    public void A_MAC_address_may_have_short_parts(string address, string normal) => Assert.Equal(normal, new InterfaceMac(address).Address);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("52:54:00:6d:90")]
    [InlineData("52:54:00:6d:90:02:01")]
    [InlineData("52:54:00:6d:90:")]
    [InlineData("52:54:00:6d:90:0x")]
    [InlineData("52:54:00:6d:90:002")]
    [InlineData("002:54:00:6d:90:02")]
    [InlineData("zz:54:00:6d:90:02")]
    [InlineData("53:54:00:6d:90:02")]
    public void Another_text_is_refused(string? address) => Assert.Throws<LibvirtXmlException>(() => new InterfaceMac(address!));

    [Theory]
    [InlineData("a", "A")]
    [InlineData("prod.1 x", "PROD.1 X")]
    [InlineData("12345678", "12345678")]
    public void A_load_parameter_has_one_to_eight_characters(string text, string normal) => Assert.Equal(normal, new DeviceBoot { Order = 1, LoadParm = text }.LoadParm);

    [Theory]
    [InlineData("")]
    [InlineData("123456789")]
    [InlineData("prod_1")]
    [InlineData("é")]
    public void Another_load_parameter_is_refused(string text) => Assert.Throws<LibvirtXmlException>(() => new DeviceBoot { Order = 1, LoadParm = text });

    [Fact]
    public void A_boot_element_needs_its_order() =>
        Assert.Contains("order", Assert.Throws<LibvirtXmlException>(() => Read(Pci, "", "<boot loadparm='A'/>")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("<unbind/>", true, false, false)]
    [InlineData("<removeslot/>", false, true, false)]
    [InlineData("<reprobe/>", false, false, true)]
    [InlineData("<unbind/><removeslot/><reprobe/>", true, true, true)]
    public void The_states_of_before_are_read_and_written(string states, bool unbind, bool removeSlot, bool reprobe)
    {
        var device = Read(Pci, $"<origstates>{states}</origstates>", "");
        var read = Assert.IsType<PciHostDevice>(device).OriginalStates!;
        Assert.Equal((unbind, removeSlot, reprobe), (read.Unbind, read.RemoveSlot, read.Reprobe));
        Assert.Equal(device, Parse(device.ToXml()));
        Assert.Equal(states.Length > 0, device.ToXml().Contains("<origstates>", StringComparison.Ordinal));
        Assert.Equal(unbind, device.ToXml().Contains("<unbind/>", StringComparison.Ordinal));
    }

    [Fact]
    public void A_vhost_SCSI_device_is_read_and_written()
    {
        var device = Assert.IsType<VhostScsiHostDevice>(Read(VhostScsi, "", "vhost", Wwpn, "", ""));
        Assert.Equal(Wwpn, device.Wwpn);
        Assert.Equal(device, Parse(device.ToXml()));
    }

    [Theory]
    [InlineData("", "iscsi", Wwpn, "", "", "'protocol' is 'iscsi'")]
    [InlineData("", "vhost", "naa.5001405df3e5406", "", "", "'wwpn'")]
    [InlineData("", "vhost", "naa.5001405df3e54061a", "", "", "'wwpn'")]
    [InlineData("", "vhost", "naa.5001405df3e5406x", "", "", "'wwpn'")]
    [InlineData("", "vhost", "eui.5001405df3e54061", "", "", "'wwpn'")]
    [InlineData(" sgio='filtered'", "vhost", Wwpn, "", "", "sgio")]
    [InlineData(" rawio='yes'", "vhost", Wwpn, "", "", "rawio")]
    [InlineData("", "vhost", Wwpn, " startupPolicy='optional'", "", "startupPolicy")]
    [InlineData("", "vhost", Wwpn, "", "<address type='drive' unit='1'/>", "must use an address of type 'pci' or 'ccw'")]
    [InlineData("", "vhost", Wwpn, "", "<boot order='1'/>", "booting")]
    public void What_does_not_belong_to_it_is_refused(string attributes, string protocol, string wwpn, string source, string rest, string message) =>
        Assert.Contains(message, Assert.Throws<LibvirtXmlException>(() => Read(VhostScsi, attributes, protocol, wwpn, source, rest)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_USB_id_is_not_0() => Assert.Throws<LibvirtXmlException>(() => new UsbId(0, 1));

    [Fact]
    public void The_largest_USB_ids_are_ids()
    {
        var device = Assert.IsType<UsbHostDevice>(Read("<hostdev mode='subsystem' type='usb'><source><vendor id='0xffff'/><product id='0xffff'/></source></hostdev>"));
        Assert.Equal((0xffff, 0xffff), ((int)device.Id!.Vendor, (int)device.Id.Product));
    }

    [Theory]
    [InlineData("<vendor/><product id='1'/>")]
    [InlineData("<vendor id='1'/><product/>")]
    public void A_USB_id_needs_both_numbers(string ids) =>
        Assert.Throws<LibvirtXmlException>(() => Read($"<hostdev mode='subsystem' type='usb'><source>{ids}</source></hostdev>"));

    private static HostDevice Read(string format, params object[] parts) => Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, parts));

    private static HostDevice Parse(string device) => Assert.Single(DomainDocument.Parse($"<domain><devices>{device}</devices></domain>").HostDevices);
}
