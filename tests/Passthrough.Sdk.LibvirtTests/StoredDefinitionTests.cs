using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>
/// The real QEMU driver as the judge of what can be read: whatever it stores is read and written back without a loss, also what it
/// would refuse at the start of the domain.
/// </summary>
public sealed class StoredDefinitionTests(Embedded embedded)
{
    private const string Nic = "<hostdev mode='subsystem' type='pci' @attributes><source @source><address bus='1'/></source>@part</hostdev>";
    private const string Interface = "<interface type='hostdev' @attributes><mac address='52:54:00:00:00:01'/><source @source><address type='pci' bus='1' function='1'/></source>@part</interface>";
    private const string Usb = "<hostdev mode='subsystem' type='usb' @attributes><source @source><vendor id='0x46d'/><product id='0xc52b'/></source>@part</hostdev>";
    private const string Mediated = "<hostdev mode='subsystem' type='mdev' @attributes><source @source><address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/></source>@part</hostdev>";
    private const string Unit = "<hostdev mode='subsystem' type='scsi' @attributes><source @source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source>@part</hostdev>";
    private const string Disk = "<disk type='nvme' device='disk'><source type='pci' managed='@' namespace='@'><address bus='4'/></source><target dev='vda' bus='virtio'/></disk>";

    private static readonly string[] Kinds = [Nic, Interface, Usb, Mediated, Unit];

    private static readonly string[] Attributes =
    [
        "managed='yes'", "model='virtio'", "model='vfio-pci'", "model='vfio-ap'", "model='vfio-pci' display='on'", "model='vfio-pci' ramfb='on'",
        "model='vfio-pci' display='off' ramfb='on'", "model='vfio-pci' display='on' ramfb='on'", "display='on' ramfb='on'", "ramfb='on'",
        "sgio='filtered'", "sgio='unfiltered'", "rawio='yes'", "trustGuestRxFilters='yes'",
    ];

    private static readonly string[] Sources = ["startupPolicy='optional'", "startupPolicy='x'", "writeFiltering='no'", "guestReset='off'", "missing='yes'", "autoAddress='yes'", "portgroup='p'"];

    private static readonly string[] Parts =
    [
        "<backend tap='/dev/tap0'/>", "<backend tap='/dev/tap0' vhost='/dev/vhost-net'/>", "<backend tap=''/>", "<backend vhost='/dev/vhost-net'/>",
        "<bandwidth/>", "<bandwidth><inbound average='1000'/></bandwidth>", "<vlan/>", "<vlan><tag id='1'/></vlan>", "<vlan><tag id='1'/><tag id='2'/></vlan>",
        "<vlan trunk='yes'><tag id='1' nativeMode='untagged'/></vlan>", "<vlan trunk='no'><tag id='1'/></vlan>", "<vlan><tag id='4096'/></vlan>",
        "<virtualport type='802.1Qbh'/>", "<virtualport type='802.1Qbh'><parameters profileid='x'/></virtualport>", "<virtualport type='openvswitch'/>",
        "<virtualport><parameters profileid='x'/></virtualport>",
        "<virtualport type='802.1Qbg'><parameters managerid='1' typeid='2' typeidversion='3' instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>",
        "<teaming type='persistent'/>", "<teaming type='transient' persistent='ua-x'/>", "<teaming type='transient'/>", "<teaming/>",
        "<driver name='vfio'/>", "<driver name='kvm'/>", "<driver name='xen'/>", "<driver name='vhost' queues='4'/>", "<driver iommu='on'/>", "<driver model='vfio-pci'/>",
        "<model type='virtio'/>", "<link state='down'/>", "<mtu size='1500'/>", "<tune><sndbuf>1600</sndbuf></tune>", "<filterref filter='clean-traffic'/>",
        "<target dev='vnet0'/>", "<guest dev='eth0'/>", "<script path='/bin/x'/>", "<ip address='192.0.2.4' prefix='24'/>", "<port isolated='yes'/>",
        "<rom bar='on'/>", "<rom file=''/>", "<rom enabled='no'/>", "<rom enabled='no' file='/x'/>", "<acpi/>", "<acpi index='0'/>", "<acpi index='1'/>",
        "<boot order='0'/>", "<boot order='1'/>", "<boot order='1' loadparm='x'/>", "<readonly/><shareable/>", "<alias name='ua-x'/>", "<alias name='hostdev0'/>", "<alias name=''/>",
        "<address type='pci'/>", "<address type='pci' bus='0' slot='9' multifunction='on'/>", "<address type='pci'><zpci uid='1' fid='1'/></address>", "<address type='unassigned'/>",
        "<address type='ccw' cssid='0xfe' ssid='0' devno='1'/>", "<address type='drive' unit='3'/>", "<address type='usb' bus='0' port='1'/>", "<address type='isa'/>",
        "<address type='virtio-mmio'/>", "<address type='spapr-vio'/>", "<address type='dimm'/>", "<foo xmlns:a='b' a:c='d'/><!-- comment -->",
    ];

    private static readonly string[] Whole =
    [
        "<hostdev mode='subsystem' type='usb'/>", "<hostdev mode='subsystem' type='usb'><source/></hostdev>", UsbOf("<address bus='0' device='0'/>"), UsbOf("<address bus='3' device='14'/>"),
        UsbOf("<vendor id='0x12345'/><product id='1'/>"), UsbOf("<vendor id='1'/><product id='0x12345'/>"), UsbOf("<vendor id='0'/><product id='1'/>"), UsbOf("<vendor id='1'/><product id='0'/>"), UsbOf("<vendor id='1'/>"),
        UsbOf("<vendor id='1'/><product id='1'/><address bus='1' device='1'/>"), UsbOf("<vendor id='1'/><product id='1'/>") + UsbOf("<vendor id='1'/><product id='1'/>"), UsbOf("") + UsbOf(""),
        "<interface type='hostdev'><source><address type='usb' bus='1' device='2'/></source></interface>", "<interface type='hostdev'><source><address type='pci' bus='1'/></source></interface>",
        "<interface type='hostdev'><source><address type='usb' bus='1' device='2'/></source></interface><interface type='hostdev'><source><address type='usb' bus='1' device='3'/></source></interface>",
        "<interface type='hostdev'><source/></interface>", "<interface type='hostdev'><mac address='01:54:00:00:00:01'/><source><address type='pci' bus='1'/></source></interface>",
        Iscsi("<host name='h' port='1'/>"), Iscsi("<host name='h'/><initiator><iqn name='iqn.2020-07.com.example:test'/></initiator>"), Iscsi("<host name='h' transport='unix' socket='/s'/>"), Iscsi("<host/>"), Iscsi(""),
        Iscsi("<host name='h'/><auth username='u'><secret type='iscsi' usage='x'/></auth>"), Iscsi("<host name='h'/><auth username='u'/>"), Iscsi("<host name='h'/><host name='g'/>"),
        "<hostdev mode='subsystem' type='scsi_host'><source protocol='vhost' wwpn='naa.5123456789abcde0'/></hostdev>",
        "<hostdev mode='subsystem' type='scsi_host' model='virtio-transitional'><source protocol='vhost' wwpn='naa.5123456789abcde0'/></hostdev>",
        "<hostdev mode='subsystem' type='scsi_host'><source protocol='vhost' wwpn='naa.512'/></hostdev>",
        "<hostdev mode='capabilities' type='storage'><source><block>/dev/sda</block></source></hostdev>", "<hostdev type='pci'><source><address/></source></hostdev>",
        "<hostdev type='pci'><source><address domain='0x12345' bus='1'/></source></hostdev>", "<hostdev type='pci'><source><address type='pci' bus='1' multifunction='on'/></source></hostdev>",
        "<hostdev type='pci'><source><address bus='1'/><origstates><unbind/></origstates></source></hostdev>",
        Disk.Replace("managed='@'", "managed='yes'", StringComparison.Ordinal).Replace('@', '1'), Disk.Replace("managed='@'", "", StringComparison.Ordinal).Replace('@', '7'), Disk.Replace('@', '0'),
        "<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>", "<interface type='network'><source network='pool'/></interface>",
        "<controller type='pci' index='0' model='pcie-root'/><controller type='pci' index='1' model='pcie-root-port'><target chassis='1' port='0x10' hotplug='off'/></controller>",
    ];

    /// <summary>What the driver stores: each is read, and each is given back to it as this library writes it, with the same result.</summary>
    [Fact]
    public void Whatever_the_driver_stores_is_read_and_written_back_without_a_loss()
    {
        var stored = 0;
        var lost = new List<string>();
        foreach (var devices in Inputs())
        {
            if (Define(Text(devices)) is not { } text)
            {
                continue;
            }

            stored++;
            try
            {
                Assert.Equal(text, LibvirtXml.Rewrite(text));
                _ = DomainDocument.Parse(text).Settings;

                // Some of what libvirt stores it does not take a second time; then ours may be refused too.
                Assert.Contains(Define(Rebuilt(text)), new List<string?> { text, Define(text) });
            }
            catch (Exception error) when (error is LibvirtXmlException or Xunit.Sdk.XunitException)
            {
                lost.Add($"{devices}: {error.Message}");
            }
        }

        Assert.True(lost.Count == 0, string.Join('\n', lost));
        Assert.True(stored > 150, $"libvirt took only {stored} of the inputs");
    }

    /// <summary>The domain with every host device taken out and put in again as this library writes it.</summary>
    private static string Rebuilt(string text)
    {
        var (document, devices) = (DomainDocument.Parse(text), PassthroughDevice.ParseAll(text));
        document = devices.Aggregate(document, (current, device) => current.Remove(device));
        foreach (var device in devices)
        {
            Assert.Equal(device, PassthroughDevice.ParseAll(device.ToXml())[0]);
            document = document.Add(device);
        }

        return document.ToString();
    }

    private static string UsbOf(string source) => $"<hostdev mode='subsystem' type='usb'><source>{source}</source></hostdev>";

    private static string Iscsi(string parts) => $"<hostdev mode='subsystem' type='scsi'><source protocol='iscsi' name='iqn.1992-01.com.example/1'>{parts}</source></hostdev>";

    private static IEnumerable<string> Inputs()
    {
        foreach (var kind in Kinds)
        {
            var usual = kind == Mediated ? "model='vfio-pci'" : "";
            foreach (var attributes in Attributes)
            {
                yield return Fill(kind, attributes, "", "");
            }

            foreach (var source in Sources)
            {
                yield return Fill(kind, usual, source, "");
            }

            foreach (var part in Parts)
            {
                yield return Fill(kind, usual, "", part);
            }
        }

        foreach (var whole in Whole)
        {
            yield return whole;
        }
    }

    private static string Fill(string kind, string attributes, string source, string part) => kind
        .Replace("@attributes", attributes, StringComparison.Ordinal).Replace("@source", source, StringComparison.Ordinal).Replace("@part", part, StringComparison.Ordinal);

    private static string Text(string devices) => Xml.Domain("qemu", "stored", devices).Replace("<name>", "<uuid>0f5ba2f6-8d0e-4ac5-8f5f-51a3f4bd4c3b</uuid><name>", StringComparison.Ordinal);

    /// <summary>libvirt's own text of what it stored; null where it refused.</summary>
    private string? Define(string xml)
    {
        try
        {
            using var domain = embedded.Libvirt.DefineDomain(xml);
            var text = domain.GetXml(DomainXmlOptions.Inactive);
            domain.Undefine();
            return text;
        }
        catch (LibvirtException)
        {
            return null;
        }
    }
}
