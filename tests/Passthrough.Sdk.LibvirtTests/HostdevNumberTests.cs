using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>libvirt as the judge of what is a number, attribute by attribute: some are read with base 10, some with any base.</summary>
public sealed class HostdevNumberTests : IDisposable
{
    private static readonly string[] Spellings =
        ["1", "7", "01", "010", "08", "0x1", "0X1", "0x0a", "0x", "+1", " 1", " +0x1", "+ 1", "1 ", "-1", "- 1", "x", "1x", "4294967296"];

    private readonly LibvirtConnection _libvirt = TestDriver.Open();

    public static TheoryData<string> Places =>
    [
        "<hostdev type='pci'><source><address bus='@'/></source></hostdev>",
        "<hostdev type='pci'><source><address bus='1' slot='@'/></source></hostdev>",
        "<hostdev type='pci'><source><address domain='@' bus='1'/></source></hostdev>",
        Nic("<address type='pci' bus='0' slot='@'/>"),
        Nic("<acpi index='@'/>"),
        Nic("<boot order='@'/>"),
        Unit("<address type='drive' controller='0' unit='@'/>"),
        Nic("<address type='pci' bus='0' slot='1'><zpci uid='@'/></address>"),
        Nic("<address type='pci' bus='0' slot='1'><zpci uid='1' fid='@'/></address>"),
        "<hostdev type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='@' unit='0'/></source></hostdev>",
        "<hostdev type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='@'/></source></hostdev>",
        "<hostdev type='scsi'><source protocol='iscsi' name='iqn.2013-07.com.example:iscsi/1'><host name='example.org' port='@'/></source></hostdev>",
        "<hostdev type='scsi_host'><source protocol='vhost' wwpn='naa.5123456789abcde0'/><address type='ccw' cssid='0xfe' ssid='0' devno='@'/></hostdev>",
        "<hostdev type='usb'><source><vendor id='1'/><product id='1'/></source><address type='usb' bus='@' port='1'/></hostdev>",
        "<hostdev type='usb'><source><vendor id='@'/><product id='1'/></source></hostdev>",
        "<hostdev type='usb'><source><address bus='@' device='1'/></source></hostdev>",
        "<interface type='hostdev'><mac address='52:54:00:00:00:01'/><source><address type='pci' bus='1'/></source><vlan><tag id='@'/></vlan></interface>",
    ];

    public void Dispose() => _libvirt.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    public void A_number_is_what_libvirt_takes_for_one(string device)
    {
        foreach (var spelling in Spellings)
        {
            var xml = Xml.TestDomain($"numbers-{Guid.NewGuid():n}").Replace(
                "<devices>", $"<devices>{device.Replace("@", spelling, StringComparison.Ordinal)}", StringComparison.Ordinal);
            Assert.Contains($"'{spelling}'", xml, StringComparison.Ordinal);

            var theirs = Theirs(xml);
            Assert.True((theirs is null) == (Ours(xml) is null), $"'{spelling}': libvirt {(theirs is null ? "refuses" : "takes")} it in {device}");
            if (theirs is not null)
            {
                Assert.Equal(theirs, Theirs(Ours(xml)!));
            }
        }
    }

    private static string Nic(string part) => $"<hostdev type='pci'><source><address bus='1'/></source>{part}</hostdev>";

    private static string Unit(string part) =>
        $"<hostdev type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source>{part}</hostdev>";

    /// <summary>The domain with our writing of its device; null: refused.</summary>
    private static string? Ours(string xml)
    {
        try
        {
            var document = DomainDocument.Parse(xml);
            var device = document.HostDevices.Concat<PassthroughDevice>(document.HostInterfaces).Single();
            return document.Remove(device).Add(device).ToString();
        }
        catch (LibvirtXmlException)
        {
            return null;
        }
    }

    /// <summary>libvirt's writing of the domain, without its name and id; null: refused.</summary>
    private string? Theirs(string xml)
    {
        try
        {
            using var domain = _libvirt.DefineDomain(xml);
            var written = domain.GetXml();
            domain.Undefine();
            return written[written.IndexOf("<devices>", StringComparison.Ordinal)..];
        }
        catch (LibvirtException)
        {
            return null;
        }
    }
}
