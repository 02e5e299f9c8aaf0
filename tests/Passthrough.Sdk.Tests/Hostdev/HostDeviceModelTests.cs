using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Networks;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>What the models read, keep, write and refuse.</summary>
public sealed class HostDeviceModelTests
{
    private const string Character = """
        <hostdev mode='capabilities' type='misc'>
          <source>
            <char>/dev/input/event3</char>
          </source>
          <alias name='ua-input'/>
        </hostdev>
        """;

    [Fact]
    public void A_character_device_is_written_with_all_of_its_parts()
    {
        var device = Assert.IsType<CharacterHostDevice>(HostDevice.Parse(Character));
        Assert.Equal(("/dev/input/event3", "ua-input"), (device.Path, device.Alias));
        Assert.Equal(Character, device.ToXml());
        Assert.Equal("<hostdev/source/char>: must not be empty", Assert.Throws<LibvirtXmlException>(() => device with { Path = "" }).Message);
    }

    [Fact]
    public void Several_devices_are_written_one_after_another()
    {
        PassthroughDevice[] devices = [HostDevice.Parse(Character), HostDeviceFactory.Usb(0x46d, 0xc52b)];
        var xml = PassthroughDevice.ToXml(devices);
        Assert.Equal(string.Join('\n', devices.Select(device => device.ToXml())), xml.Trim('\n'));
        Assert.Equal("devices", Assert.Throws<ArgumentNullException>(() => PassthroughDevice.ToXml(null!)).ParamName);
    }

    [Fact]
    public void A_node_device_is_written_with_all_parts_of_a_mediated_device()
    {
        var device = NodeDeviceDescription.Parse("""
            <device>
              <parent>css_0_0_0052</parent>
              <capability type='mdev'>
                <type id='vfio_ccw-io'/>
                <uuid>53764d0e-85a0-42b4-af5c-2046b460b1dc</uuid>
                <parent_addr>0.0.0052</parent_addr>
                <iommuGroup number='4'/>
                <attr name='assign_adapter' value='5'/>
              </capability>
            </device>
            """);
        Assert.Contains("<parent_addr>0.0.0052</parent_addr>", device.ToXml(), StringComparison.Ordinal);
        Assert.Equal(device, NodeDeviceDescription.Parse(device.ToXml()));
    }

    [Fact]
    public void A_function_of_a_pool_is_a_PCI_device_and_says_who_has_it()
    {
        static string Network(string type) => $"<network><name>n</name><forward mode='hostdev' managed='yes'><address type='{type}' domain='0' bus='3' slot='16' function='1' connections='1'/></forward></network>";
        var document = NetworkDocument.Parse(Network("pci"));
        var function = Assert.Single(document.Pool!.Functions);
        Assert.Equal((PciAddress.Parse("03:10.1"), 1u), (function.Address, function.Connections));
        var written = document.WithPool(document.Pool with { Managed = false });
        Assert.Contains("connections='1'", written.ToString(), StringComparison.Ordinal);
        Assert.Equal(1u, Assert.Single(NetworkDocument.Parse(written.ToString()).Pool!.Functions).Connections);
        var error = Assert.Throws<LibvirtXmlException>(() => NetworkDocument.Parse(Network("usb")));
        Assert.Equal("'type' is 'usb' and must be 'pci'", error.Rule);
    }

    [Theory]
    [InlineData("<hostdev type='pci'>\n<source><address bus='0x100'/></source></hostdev>", "hostdev/source/address", 2)]
    [InlineData("<hostdev type='pci'><source><address/></source>\n<teaming persistent='ua-x'/></hostdev>", "hostdev/teaming", 2)]
    [InlineData("<hostdev type='pci'><source><address/></source>\n<teaming type='' persistent='ua-x'/></hostdev>", "hostdev/teaming", 2)]
    [InlineData("<hostdev mode='capabilities' type='misc'>\n<source/></hostdev>", "hostdev/source", 2)]
    [InlineData("\n<hostdev mode='capabilities' type='misc'><source><char/></source></hostdev>", "hostdev", 2)]
    public void An_error_names_the_element_and_its_line(string xml, string element, int line)
    {
        var error = Assert.Throws<LibvirtXmlException>(() => HostDevice.Parse(xml));
        Assert.Equal((element, line), (error.Element, error.Line));
        Assert.Equal($"<{element}> (line {error.Line}, column {error.Column}): {error.Rule}", error.Message);
    }

    [Fact]
    public void The_message_of_an_error_says_what_is_known_of_its_place()
    {
        Assert.Equal("XML: a rule", new LibvirtXmlException(null, "a rule").Message);
        Assert.Equal("XML (line 3, column 7): a rule", new LibvirtXmlException(null, "a rule", 3, 7).Message);
        Assert.Equal("<hostdev>: a rule", new LibvirtXmlException("hostdev", "a rule").Message);
        Assert.Equal("<hostdev> (line 3, column 7): a rule", new LibvirtXmlException("hostdev", "a rule", 3, 7).Message);
    }

    [Fact]
    public void Names_that_only_resemble_known_ones_are_kept()
    {
        var device = HostDevice.Parse("<hostdev type='pci' tape='1'><source><address/></source><boat order='1'/></hostdev>");
        Assert.Equal([new("tape", "1")], device.Unknown!.Attributes);
        Assert.Equal(["<boat order='1'/>"], device.Unknown.Elements);
        Assert.Equal(device, HostDevice.Parse(device.ToXml()));
    }

    [Fact]
    public void Unknown_elements_stay_between_the_same_siblings()
    {
        const string xml = """
            <hostdev mode='subsystem' type='pci' managed='no'>
              <first/>
              <source>
                <address domain='0x0000' bus='0x00' slot='0x00' function='0x0'/>
              </source>
              <second/>
              <alias name='ua-x'/>
              <third/>
              <fourth/>
            </hostdev>
            """;
        var device = HostDevice.Parse(xml);
        Assert.Empty(device.Unknown!.Attributes);
        Assert.Equal([(null, "<first/>"), ("source", "<second/>"), ("alias", "<third/>"), ("alias", "<fourth/>")], device.Unknown.Anchored.ToArray());
        Assert.Equal(xml, device.ToXml());
    }

    [Fact]
    public void Unknown_parts_are_equal_when_attributes_and_elements_are()
    {
        static UnknownXml Read(string attribute, string element) =>
            HostDevice.Parse($"<hostdev type='pci' {attribute}><source><address/></source>{element}</hostdev>").Unknown!;
        var unknown = Read("new='1'", "<new/>");
        Assert.True(unknown.Equals(Read("new='1'", "<new/>")));
        Assert.Equal(unknown.GetHashCode(), Read("new='1'", "<new/>").GetHashCode());
        Assert.False(unknown.Equals(Read("new='2'", "<new/>")));
        Assert.False(unknown.Equals(Read("new='1'", "<newer/>")));
        Assert.False(unknown.Equals(Read("new='1'", "")));
        Assert.False(unknown.Equals(null));
        Assert.False(unknown.Equals((object)"new='1' <new/>"));
        Assert.Equal("new='1' <new/>", unknown.ToString());
    }

    [Fact]
    public void Devices_are_the_same_when_type_address_and_source_are()
    {
        var comparer = DeviceIdentity.Comparer;
        DeviceIdentity one = new("pci", new PciAddress(0, 1, 0, 0), null), same = new("pci", new PciAddress(0, 1, 0, 0), null);
        Assert.True(comparer.Equals(one, same));
        Assert.Equal(comparer.GetHashCode(one), comparer.GetHashCode(same));
        Assert.True(comparer.Equals(null, null));
        Assert.False(comparer.Equals(one, null));
        Assert.False(comparer.Equals(null, one));
        Assert.False(comparer.Equals(one, one with { Type = "usb" }));
        Assert.False(comparer.Equals(one, one with { Address = new PciAddress(0, 1, 0, 1) }));
        Assert.False(comparer.Equals(one, one with { Source = "eth0" }));
    }
}
