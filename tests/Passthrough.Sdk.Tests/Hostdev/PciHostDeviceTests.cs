using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Hostdev;

public sealed class PciHostDeviceTests
{
    private const string Full = """
        <hostdev mode='subsystem' type='pci' managed='yes' display='on' ramfb='on'>
          <driver name='vfio' model='mlx5_vfio_pci' iommufd='yes'/>
          <source writeFiltering='no'>
            <address domain='0x10000' bus='0x06' slot='0x12' function='0x5'/>
          </source>
          <teaming type='transient' persistent='ua-backup'/>
          <boot order='1'/>
          <alias name='ua-nic'/>
          <rom bar='on' file='/roms/it&apos;s.rom'/>
          <acpi index='42' nodeset='2-9'/>
          <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0' multifunction='on'/>
        </hostdev>
        """;

    [Fact]
    public void Every_part_is_read()
    {
        var device = Assert.IsType<PciHostDevice>(HostDevice.Parse(Full));
        Assert.True(device.Managed);
        Assert.Equal(PciAddress.Parse("10000:06:12.5"), device.Address);
        Assert.Equal(new HostDriver { Backend = HostBackend.Vfio, Model = "mlx5_vfio_pci", Iommufd = true }, device.Driver);
        Assert.False(device.WriteFiltering);
        Assert.Equal("ua-backup", device.Teaming?.Persistent);
        Assert.Equal(1u, device.Boot?.Order);
        Assert.Equal("ua-nic", device.Alias);
        Assert.Equal(new DeviceRom { Bar = true, File = "/roms/it's.rom" }, device.Rom);
        Assert.Equal(new DeviceAcpi { Index = 42, Nodeset = "2-9" }, device.Acpi);
        Assert.Equal(new PciGuestAddress(new PciAddress(0, 1, 0, 0)) { Multifunction = true }, device.GuestAddress);
        Assert.True(device.Display);
        Assert.True(device.Ramfb);
        Assert.Null(device.Unknown);
    }

    [Fact]
    public void It_is_written_in_libvirts_order() => Assert.Equal(Full, HostDevice.Parse(Full).ToXml());

    [Theory]
    [InlineData("0x0a", "10")]
    [InlineData("0x0A", "012")]
    [InlineData("0x00a", "0xa")]
    [InlineData("10", " +10")]
    public void Devices_that_mean_the_same_are_equal(string a, string b)
    {
        static HostDevice Read(string bus) => HostDevice.Parse($"<hostdev type='pci'><source><address bus='{bus}'/></source></hostdev>");
        Assert.Equal(Read(a), Read(b));
        Assert.Equal(Read(a).GetHashCode(), Read(b).GetHashCode());
    }

    [Fact]
    public void An_index_is_decimal_and_a_boot_parameter_is_in_capitals_as_libvirt_reads_them()
    {
        var device = HostDevice.Parse("<hostdev type='pci'><source><address/></source><acpi index='010'/><boot order='1' loadparm='pm1.a'/></hostdev>");

        Assert.Equal(10u, device.Acpi!.Index);
        Assert.Equal("PM1.A", device.Boot!.LoadParm);
    }

    [Theory]
    [InlineData("<alias/>")]
    [InlineData("<alias name=''/>")]
    public void An_alias_without_a_name_is_none(string alias) =>
        Assert.Null(HostDevice.Parse($"<hostdev type='pci'><source><address/></source>{alias}</hostdev>").Alias);

    [Fact]
    public void What_is_unknown_is_carried_along_in_its_place()
    {
        const string xml = """
            <hostdev mode='subsystem' type='pci' managed='no' future='1'>
              <first/>
              <source new='x&amp;y'>
                <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
                <more><a b="c"/> text </more>
              </source>
              <behind-source/>
              <alias name='ua-a' x='y'/>
            </hostdev>
            """;
        Assert.Equal(xml, HostDevice.Parse(xml).ToXml());
        Assert.Equal("future", HostDevice.Parse(xml).Unknown!.Attributes[0].Key);
    }

    [Theory]
    [InlineData("<hostdev type='pci'/>", "the element <source> is missing")]
    [InlineData("<hostdev type='pci'><source><address/></source><acpi index='0'/></hostdev>", "'index' is 0")]
    [InlineData("<hostdev type='pci'><source><address/></source><acpi index='0x1'/></hostdev>", "a decimal number")]
    [InlineData("<hostdev type='pci'><source><address/></source><boot order='1' loadparm='a_b'/></hostdev>", "letters, digits, points and spaces")]
    [InlineData("<hostdev type='pci'><source/></hostdev>", "the element <address> is missing")]
    [InlineData("<hostdev mode='foo' type='pci'><source/></hostdev>", "'mode' is 'foo'")]
    [InlineData("<hostdev type='foo'><source/></hostdev>", "'type' is 'foo'")]
    [InlineData("<hostdev><source/></hostdev>", "'type' is missing")]
    [InlineData("<hostdev type='pci' managed='maybe'><source><address/></source></hostdev>", "'managed' is 'maybe'")]
    [InlineData("<hostdev type='pci' model='x'><source><address/></source></hostdev>", "'model' is not allowed for")]
    [InlineData("<hostdev type='pci'><source startupPolicy='optional'><address/></source></hostdev>", "'startupPolicy'")]
    [InlineData("<hostdev type='pci'><source><address bus='0x100'/></source></hostdev>", "from 0 to 255")]
    [InlineData("<hostdev type='pci'><source><address slot='0x20'/></source></hostdev>", "from 0 to 31")]
    [InlineData("<hostdev type='pci'><source><address function='8'/></source></hostdev>", "from 0 to 7")]
    [InlineData("<hostdev type='pci'><driver name='foo'/><source><address/></source></hostdev>", "vfio, kvm, xen")]
    [InlineData("<hostdev type='pci'><source><address/></source><rom enabled='no' bar='on'/></hostdev>", "ROM is disabled")]
    [InlineData("<hostdev type='pci'><source><address/></source><boot order='0'/></hostdev>", "must be 1 or more")]
    [InlineData("<hostdev type='pci'><source><address/></source><teaming type='transient'/></hostdev>", "persistent")]
    [InlineData("<hostdev type='pci'><source><address/></source><address type='drive'/></hostdev>", "'pci' or 'unassigned'")]
    [InlineData("<hostdev type='pci'><source><address/></source><address type='pci'><zpci uid='0'/></address></hostdev>", "0xffff")]
    [InlineData("<hostdev type='pci'><source><address/></source><alias name='a'/><alias name='b'/></hostdev>", "twice")]
    [InlineData("<disk/>", "<hostdev> is expected")]
    public void What_libvirt_would_refuse_is_refused(string xml, string rule)
    {
        var error = Assert.Throws<LibvirtXmlException>(() => HostDevice.Parse(xml));
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Element);
        Assert.Equal(1, error.Line);
    }

    [Fact]
    public void A_model_that_breaks_a_rule_cannot_be_built()
    {
        var device = new PciHostDevice { Address = default };
        Assert.Throws<LibvirtXmlException>(() => new DeviceRom { Enabled = false, Bar = true });
        Assert.Throws<LibvirtXmlException>(() => new DeviceBoot { Order = 0 });
        Assert.Throws<LibvirtXmlException>(() => device with { GuestAddress = new DriveGuestAddress() });
        Assert.Throws<LibvirtXmlException>(() => (device with { Ramfb = true }).ToXml());
    }
}
