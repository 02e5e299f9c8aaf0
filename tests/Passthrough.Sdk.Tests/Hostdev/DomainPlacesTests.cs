using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>Units of SCSI controllers, channel device numbers and zPCI ids that two devices of a domain would share.</summary>
public sealed class DomainPlacesTests
{
    private const string Refused = "refused";

    // libvirt chooses the unit of a SCSI disk by its name; the eighth needs another controller, whose model decides.
    [Theory]
    [InlineData("<disk><target dev='sda' bus='scsi'/></disk>", 0, Refused)]
    [InlineData("<disk><target dev='sdg' bus='scsi'/></disk>", 6, Refused)]
    [InlineData("<disk><target dev='sdg' bus='scsi'/></disk>", 5, null)]
    [InlineData("<disk><target dev='sdh' bus='scsi'/></disk>", 7, null)]
    [InlineData("<disk><target dev='sdA' bus='scsi'/></disk>", 0, null)]
    [InlineData("<disk><target dev='sdaa' bus='scsi'/></disk>", 0, null)]
    [InlineData("<disk><target dev='vda' bus='scsi'/></disk>", 0, null)]
    [InlineData("<disk><target dev='sda' bus='sata'/></disk>", 0, null)]
    [InlineData("<disk><target dev='sda'/></disk>", 0, null)]
    [InlineData("<filesystem><target dev='sda' bus='scsi'/></filesystem>", 0, null)]
    public void A_disk_without_an_address_has_the_unit_of_its_name(string other, int unit, string? refused) =>
        Check(Scsi(unit) + other, refused, $"controller='0' bus='0' target='0' unit='{unit}'");

    [Theory]
    [InlineData("controller='0' bus='0' target='0' unit='3'", Refused)]
    [InlineData("unit='3'", Refused)]
    [InlineData("controller='1' unit='3'", null)]
    [InlineData("bus='1' unit='3'", null)]
    [InlineData("target='1' unit='3'", null)]
    [InlineData("unit='2'", null)]
    public void A_disk_with_an_address_has_that_place(string place, string? refused) =>
        Check($"{Scsi(3)}<disk><target dev='sda' bus='scsi'/><address type='drive' {place}/></disk>", refused, "conflicts with a SCSI host device's");

    [Fact]
    public void Every_part_of_a_disks_address_counts() =>
        Check(
            "<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source>"
            + "<address type='drive' controller='1' bus='2' target='3' unit='4'/></hostdev>"
            + "<disk><target dev='sda' bus='scsi'/><address type='drive' controller='1' bus='2' target='3' unit='4'/></disk>",
            Refused,
            "controller='1' bus='2' target='3' unit='4'");

    [Fact]
    public void The_address_of_a_disk_that_is_not_SCSI_is_of_another_controller() =>
        Check($"{Scsi(3)}<disk><target dev='sda' bus='sata'/><address type='drive' unit='3'/></disk>", null, "");

    [Fact]
    public void Two_disks_that_share_a_unit_are_not_our_business() =>
        Check($"{Scsi(3)}<disk><target dev='sda' bus='scsi'/></disk><disk><target dev='sda' bus='scsi'/></disk>", null, "");

    [Fact]
    public void A_unit_is_one_host_devices() =>
        Check(Scsi(3) + Scsi(3).Replace("scsi_host0", "scsi_host1", StringComparison.Ordinal), Refused, "is in use by another SCSI host device");

    [Theory]
    [InlineData("0xfe", "0x0", "0x0001", Refused)]
    [InlineData("0xfd", "0x0", "0x0001", null)]
    [InlineData("0xfe", "0x1", "0x0001", null)]
    [InlineData("0xfe", "0x0", "0x0101", null)]
    public void Every_part_of_a_channel_address_counts(string subsystem, string set, string number, string? refused) =>
        Check($"{Channel}<disk><address type='ccw' cssid='{subsystem}' ssid='{set}' devno='{number}'/></disk>", refused, "fe.0.0001 is in use");

    [Theory]
    [InlineData("<address type='ccw' ssid='0' devno='1'/>")]
    [InlineData("<address type='ccw' cssid='0xfe' devno='1'/>")]
    [InlineData("<address type='ccw' cssid='0xfe' ssid='0'/>")]
    public void A_channel_address_that_is_not_whole_is_none(string address) => Check($"{Channel}<disk>{address}</disk>", null, "");

    [Fact]
    public void Two_other_devices_on_one_channel_are_not_our_business()
    {
        const string disk = "<disk><address type='ccw' cssid='0xfe' ssid='0' devno='2'/></disk>";
        Check($"{Channel}{disk}{disk}", null, "");
    }

    [Theory]
    [InlineData("<zpci uid='0x0001' fid='0x00000005'/>", "uid 1")]
    [InlineData("<zpci uid='0x0003' fid='0x00000002'/>", "fid 2")]
    [InlineData("<zpci uid='0x0003' fid='0x00000004'/>", null)]
    public void An_id_of_zPCI_is_one_devices(string zpci, string? refused) =>
        Check(
            "<hostdev mode='subsystem' type='pci'><source><address bus='1'/></source><address type='pci' bus='1' slot='1'><zpci uid='0x0001' fid='0x00000002'/></address></hostdev>"
            + "<disk><address type='pci' bus='2' slot='1'><zpci uid='0x0009' fid='0x00000009'/></address></disk>"
            + $"<disk><address type='pci' bus='3' slot='1'>{zpci}</address></disk>",
            refused,
            $"{refused} is already reserved");

    private const string Channel =
        "<hostdev mode='subsystem' type='mdev' model='vfio-ccw'><source><address uuid='90c6c135-ad44-41d0-b1b7-bae47de48627'/></source>"
        + "<address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/></hostdev>";

    private static string Scsi(int unit) =>
        "<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source>"
        + $"<address type='drive' controller='0' bus='0' target='0' unit='{unit}'/></hostdev>";

    private static void Check(string devices, string? refused, string message)
    {
        var xml = $"<domain><devices>{devices}</devices></domain>";
        if (refused is null)
        {
            Assert.NotEmpty(DomainDocument.Parse(xml).HostDevices);
        }
        else
        {
            Assert.Contains(message, Assert.Throws<LibvirtXmlException>(() => DomainDocument.Parse(xml)).Message, StringComparison.Ordinal);
        }
    }
}
