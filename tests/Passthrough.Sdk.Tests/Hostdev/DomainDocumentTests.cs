using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Hostdev;

public sealed class DomainDocumentTests
{
    private const string Domain = """
        <?xml version='1.0'?>
        <!-- mine -->
        <domain type="kvm" xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
          <name>vm1</name>
          <devices>
            <emulator>/usr/bin/qemu</emulator>
            <hostdev mode='subsystem' type='pci'>   <!-- the first -->
              <source><address bus='0x1' /></source>
            </hostdev>
            <!-- between -->
            <memballoon model='none'/>
          </devices>
          <qemu:commandline><qemu:arg value='-x'/></qemu:commandline>
        </domain>

        """;

    private static readonly PciHostDevice Nic = new() { Address = PciAddress.Parse("02:00.0"), Managed = true };

    [Fact]
    public void Host_devices_are_listed()
    {
        var device = Assert.IsType<PciHostDevice>(Assert.Single(DomainDocument.Parse(Domain).HostDevices));
        Assert.Equal(PciAddress.Parse("01:00.0"), device.Address);
    }

    [Fact]
    public void A_device_is_added_behind_the_last_one_and_nothing_else_changes()
    {
        var document = DomainDocument.Parse(Domain);
        var edited = document.Add(Nic);
        const string added = """

                <hostdev mode='subsystem' type='pci' managed='yes'>
                  <source>
                    <address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>
                  </source>
                </hostdev>
            """;
        var at = Domain.IndexOf("</hostdev>", StringComparison.Ordinal) + "</hostdev>".Length;
        Assert.Equal(Domain.Insert(at, added), edited.ToString());
        Assert.Equal(Domain, document.ToString());
        Assert.Equal(Domain, edited.Remove(Nic).ToString());
    }

    [Theory]
    [InlineData("<domain><devices/></domain>")]
    [InlineData("<domain><devices></devices></domain>")]
    [InlineData("<domain/>")]
    [InlineData("<domain>\n</domain>")]
    [InlineData("<domain>\n  <devices/>\n</domain>")]
    [InlineData("<domain>\n  <devices>\n  </devices>\n</domain>")]
    [InlineData("<domain>\r\n  <devices>\r\n    <disk/>\r\n    <!-- x -->\r\n  </devices>\r\n</domain>")]
    [InlineData("<domain>\n\t<devices>\n\t\t<memballoon/>\n\t</devices>\n</domain>")]
    [InlineData("<domain><!-- a --><devices>\n<!-- b --></devices></domain>")]
    public void A_first_device_finds_its_place(string domain)
    {
        var edited = DomainDocument.Parse(domain).Add(Nic);
        Assert.Equal(Nic, Assert.Single(edited.HostDevices));
        Assert.DoesNotContain("\n\n", edited.ToString(), StringComparison.Ordinal);
        Assert.Equal(domain.Contains('\r', StringComparison.Ordinal), edited.ToString().Contains('\r', StringComparison.Ordinal));
        var balloon = edited.ToString().IndexOf("<memballoon", StringComparison.Ordinal);
        Assert.True(balloon < 0 || edited.ToString().IndexOf("<hostdev", StringComparison.Ordinal) < balloon);
        Assert.Empty(edited.Remove(Nic).HostDevices);
    }

    [Theory]
    [InlineData("<domain><devices><disk/></devices><x/><devices><disk/>@<memballoon/></devices></domain>")]
    [InlineData("<domain><devices><disk/>@<memballoon/></devices><devices><rng/></devices></domain>")]
    [InlineData("<domain><devices><disk/></devices><devices><emulator/>@</devices></domain>")]
    [InlineData("<domain><devices/><devices><hostdev type='usb'><source><vendor id='1'/><product id='2'/></source></hostdev>@</devices></domain>")]
    [InlineData("<domain><devices><hostdev type='usb'><source><vendor id='1'/><product id='2'/></source></hostdev>@</devices><devices><rng/></devices></domain>")]
    public void Several_lists_of_devices_are_one_to_a_new_device(string domain)
    {
        // libvirt reads all of them, the first first, and writes one.
        var before = domain.Replace("@", string.Empty, StringComparison.Ordinal);
        var edited = DomainDocument.Parse(before).Add(Nic);
        Assert.Equal(domain.Replace("@", Nic.ToXml(""), StringComparison.Ordinal), edited.ToString());
        Assert.Equal(Nic, edited.HostDevices[^1]);
        Assert.Equal(before, edited.Remove(Nic).ToString());
    }

    [Fact]
    public void Of_many_aliases_each_may_be_there_once()
    {
        static string Device(int bus, int alias) =>
            $"<hostdev type='pci'><source><address bus='{bus}'/></source><alias name='ua-{alias}'/></hostdev>";
        var devices = string.Concat(Enumerable.Range(1, 200).Select(i => Device(i, i)));
        Assert.Equal(200, DomainDocument.Parse($"<domain><devices>{devices}</devices></domain>").HostDevices.Count);
        for (var i = 1; i <= 200; i += 33)
        {
            var error = Assert.Throws<LibvirtXmlException>(
                () => DomainDocument.Parse($"<domain><devices>{devices}{Device(201, i)}</devices></domain>"));
            Assert.Contains($"'ua-{i}' is not unique", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_device_is_replaced_in_its_place()
    {
        var document = DomainDocument.Parse(Domain);
        var edited = document.Replace(document.HostDevices[0], Nic);
        Assert.Equal(Nic, Assert.Single(edited.HostDevices));
        Assert.Contains("<!-- between -->\n    <memballoon", edited.ToString(), StringComparison.Ordinal);
        Assert.Equal(Domain, document.Replace(document.HostDevices[0], document.HostDevices[0] with { }).ToString());
    }

    [Fact]
    public void A_device_that_is_not_there_or_there_already_is_refused()
    {
        var document = DomainDocument.Parse(Domain);
        Assert.Throws<LibvirtXmlException>(() => document.Remove(Nic));
        Assert.Throws<LibvirtXmlException>(() => document.Add(document.HostDevices[0]));
        Assert.Throws<LibvirtXmlException>(() => DomainDocument.Parse("<network/>"));
    }
}
