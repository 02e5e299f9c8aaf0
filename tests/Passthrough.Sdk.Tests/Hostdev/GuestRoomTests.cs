using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>What room a running guest has for devices; where its layout is not known, nothing is claimed.</summary>
public sealed class GuestRoomTests
{
    private const string Root = "<controller type='pci' index='0' model='pcie-root'/>";
    private const string Port1 = "<controller type='pci' index='1' model='pcie-root-port'><address type='pci' bus='0' slot='2'/></controller>";
    private const string Port2 = "<controller type='pci' index='2' model='pcie-root-port'><address type='pci' bus='0' slot='2' function='1'/></controller>";
    private const string Used1 = "<disk><address type='pci' bus='1' slot='0'/></disk>";
    private const string Used2 = "<disk><address type='pci' bus='2' slot='0'/></disk>";
    private const string Bridge3 = "<controller type='pci' index='3' model='pcie-to-pci-bridge'><address type='pci' bus='1' slot='0'/></controller>";

    [Theory]
    [InlineData(Root, 0, 0, 0)]
    [InlineData(Root + Port1, 1, 1, 0)]
    [InlineData(Root + Port1 + Used1, 1, 0, 0)]
    [InlineData(Root + Port1 + Port2 + Used2, 2, 1, 0)]
    [InlineData(Root + Port1 + Port2 + Bridge3, 2, 1, 31)]
    [InlineData(Root + "<controller type='pci' index='1' model='pcie-root-port'><target hotplug='off'/></controller>", 0, 0, 0)]
    [InlineData(Root + "<controller type='pci' index='1' model='dmi-to-pci-bridge'/><controller type='pci' index='2' model='pci-bridge'/>", 0, 0, 31)]
    [InlineData(Root + "<controller type='pci' index='1' model='pcie-switch-upstream-port'/><controller type='pci' index='2' model='pcie-switch-downstream-port'/>", 1, 1, 0)]
    public void A_q35_guest_takes_devices_behind_free_ports_and_on_conventional_bridges(string devices, int ports, int free, int slots) =>
        Assert.Equal(new GuestRoom(true, ports, free, slots), Room("q35", devices));

    [Theory]
    [InlineData("pc-i440fx-7.2", 0, 30)]
    [InlineData("pc", 5, 25)]
    [InlineData("pc-i440fx-7.2", 30, 0)]
    public void An_i440fx_guest_takes_devices_on_its_root_bus(string machine, int used, int free) =>
        Assert.Equal(new GuestRoom(false, 0, 0, free), Room(machine, "<controller type='pci' index='0' model='pci-root'/>"
            + "<controller type='usb'><address type='pci' bus='0' slot='1' function='2'/></controller>"
            + string.Concat(Enumerable.Range(2, used).Select(slot => $"<disk><address type='pci' bus='0' slot='{slot}'/></disk>"))));

    [Theory]
    [InlineData("microvm", "")]
    [InlineData("pseries-7.2", "<controller type='pci' index='0' model='pci-root'/>")]
    [InlineData("q35", "")]
    [InlineData("q35", Root + "<controller type='pci' index='1'/>")]
    [InlineData("q35", Root + "<controller type='pci' index='1' model='a-newer-kind'/>")]
    public void Where_the_layout_is_not_known_nothing_is_claimed(string machine, string devices) => Assert.Null(Room(machine, devices));

    [Fact]
    public void A_guest_of_Xen_is_not_judged() =>
        Assert.Null(GuestRoom.Of(DomainDocument.Parse($"<domain type='xen'><os><type arch='x86_64' machine='xenfv'>hvm</type></os><devices>{Root}</devices></domain>").Settings));

    [Fact]
    public void Devices_count_together_and_by_kind()
    {
        var room = new GuestRoom(IsExpress: true, Ports: 2, FreePorts: 1, FreeSlots: 1);
        Assert.Null(room.Lacking(1, 1, 0));
        Assert.Equal(GuestRoomKind.Express, room.Lacking(2, 0, 0));
        Assert.Equal(GuestRoomKind.Conventional, room.Lacking(1, 2, 0));
        Assert.Null(room.Lacking(0, 0, 2));
        Assert.Equal(GuestRoomKind.Any, room.Lacking(1, 1, 1));
        Assert.Null(new GuestRoom(false, 0, 0, 2).Lacking(1, 1, 0));
        Assert.Equal(GuestRoomKind.Any, new GuestRoom(false, 0, 0, 2).Lacking(1, 1, 1));
    }

    private static GuestRoom? Room(string machine, string devices) =>
        GuestRoom.Of(DomainDocument.Parse($"<domain type='kvm'><os><type arch='x86_64' machine='{machine}'>hvm</type></os><devices>{devices}</devices></domain>").Settings);
}
