using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>Which of several places in a guest is taken, and which are not taken at all.</summary>
public sealed class GuestSlotChoiceTests
{
    private const string Numa = """
        <numatune><memory mode='strict' nodeset='0-3'/><memnode cellid='0' mode='strict' nodeset='2'/><memnode cellid='1' mode='strict' nodeset='3'/></numatune>
        """;

    private const string Expanders = """
        <controller type='pci' index='0' model='pcie-root'/>
        <controller type='pci' index='1' model='pcie-root-port'><address type='pci' bus='0' slot='1'/></controller>
        <controller type='pci' index='2' model='pcie-root-port'><target><node>1</node></target><address type='pci' bus='0' slot='2'/></controller>
        <controller type='pci' index='20' model='pcie-expander-bus'><target><node>0</node></target><address type='pci' bus='0' slot='3'/></controller>
        <controller type='pci' index='30' model='pcie-expander-bus'><target><node>1</node></target><address type='pci' bus='0' slot='4'/></controller>
        """;

    [Theory]
    [InlineData("5 4", "", "0000:04:00.0")]
    [InlineData("5 4", "4", "0000:05:00.0")]
    [InlineData("255", "", "0000:ff:00.0")]
    public void On_q35_the_free_port_with_the_lowest_bus_is_taken(string ports, string used, string expected)
    {
        var slot = Parse("q35", $"{Controllers("pcie-root", "0")}{Controllers("pcie-root-port", ports)}{Devices(used)}").FindFreeSlot();
        Assert.Equal(expected, slot.Address.ToString());
        Assert.Null(slot.AddedController);
    }

    [Theory]
    [InlineData("q35", "pcie-to-pci-bridge", "5 4", "0000:04:01.0")]
    [InlineData("q35", "pci-bridge", "5 4", "0000:04:01.0")]
    [InlineData("q35", "pci-bridge", "255", "0000:ff:01.0")]
    [InlineData("pc", "pci-bridge", "5 4", "0000:04:01.0")]
    [InlineData("pc", "pci-bridge", "255", "0000:ff:01.0")]
    public void The_bridge_with_the_lowest_bus_is_taken_for_a_conventional_device(string machine, string model, string bridges, string expected)
    {
        // The root bus of i440fx is full.
        var root = machine == "pc" ? Controllers("pci-root", "0") + Slots(0, 3, 31) : Controllers("pcie-root", "0");
        var slot = Parse(machine, $"{root}{Controllers(model, bridges)}").FindFreeConventionalSlot();
        Assert.Equal(expected, slot.Address.ToString());
        Assert.Null(slot.AddedController);
    }

    [Fact]
    public void On_i440fx_a_full_bridge_is_passed_over_and_full_bridges_are_an_error()
    {
        var full = $"{Controllers("pci-root", "0")}{Controllers("pci-bridge", "1 2")}{Slots(0, 3, 31)}{Slots(1, 1, 31)}";
        Assert.Equal("0000:02:01.0", Parse("pc", full).FindFreeSlot().Address.ToString());
        var error = Assert.Throws<LibvirtXmlException>(() => Parse("pc", full + Slots(2, 1, 31)).FindFreeSlot());
        Assert.Contains("no free PCI slot, not even for another bridge", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2 1", "", "0000:01:01.0")]
    [InlineData("2 1", "1", "0000:02:01.0")]
    [InlineData("2 1", "0", "0000:01:01.0")]
    [InlineData("2 1", "1:1", "0000:01:01.0")]
    [InlineData("255", "", "0000:ff:01.0")]
    public void On_pseries_the_free_host_bridge_with_the_lowest_bus_is_taken(string bridges, string used, string expected)
    {
        var slot = Parse("pseries-7.2", $"{Controllers("pci-root", "0")}{Controllers("pci-root", bridges)}{Devices(used)}").FindFreeSlot();
        Assert.Equal(expected, slot.Address.ToString());
        Assert.Null(slot.AddedController);
    }

    [Theory]
    [InlineData("", "", false)]
    [InlineData("pc", "", false)]
    [InlineData("pc-i440fx-7.2", "", false)]
    [InlineData("pc-q35-7.2", "pcie-root-port", true)]
    [InlineData("virt", "", true)]
    [InlineData("virt-7.2", "", true)]
    [InlineData("virtual", "", false)]
    [InlineData("", "pcie-root pcie-root-port", true)]
    [InlineData("q35", "pci-root pci-bridge", false)]
    public void Buses_begin_with_PCI_Express_by_the_root_or_by_the_machine_type(string machine, string models, bool expected)
    {
        var controllers = string.Concat(models.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((model, index) => Controllers(model, $"{index}")));
        Assert.Equal(expected, GuestSlots.IsExpress(Parse(machine, controllers).Settings));
    }

    [Theory]
    [InlineData(2, 20u)]
    [InlineData(3, 30u)]
    [InlineData(1, null)]
    public void An_expander_bus_belongs_to_the_node_of_the_host_that_has_its_memory(int hostNode, uint? expected) =>
        Assert.Equal(expected, GuestSlots.ExpanderOf(Parse("q35", Expanders, Numa), hostNode)?.Index);

    [Fact]
    public void Behind_an_expander_bus_the_lowest_free_port_that_accepts_devices_is_taken()
    {
        var document = Parse("q35", Expanders + Port(25, 20) + Port(24, 20, "on") + Port(23, 20) + Port(22, 20, "off") + Port(26, 30) + Devices("23")
            + "<controller type='pci' index='21' model='pcie-switch-upstream-port'><address type='pci' bus='20' slot='9'/></controller>", Numa);
        var expander = GuestSlots.ExpanderOf(document, 2)!;
        Assert.Equal("0000:18:00.0", GuestSlots.FreePortBehind(document, expander).ToString());
        var found = GuestSlots.FindBehind(document, expander);
        Assert.Equal("0000:18:00.0", found.Address.ToString());
        Assert.Null(found.AddedController);
    }

    [Fact]
    public void Behind_an_expander_bus_without_a_free_port_one_is_added_at_its_first_free_slot()
    {
        var document = Parse("q35", Expanders + Port(22, 20, slot: 0) + Devices("22"), Numa);
        var expander = GuestSlots.ExpanderOf(document, 2)!;
        Assert.Null(GuestSlots.FreePortBehind(document, expander));
        var found = GuestSlots.FindBehind(document, expander);
        Assert.Equal("0000:1f:00.0", found.Address.ToString());
        Assert.Equal(new PciController(31, "pcie-root-port") { Address = new PciAddress(0, 20, 1, 0) }, found.AddedController);
        Assert.Equal(found.AddedController, found.Document.Settings.PciControllers[^1]);
    }

    [Fact]
    public void An_expander_bus_without_a_free_slot_is_an_error_that_names_it()
    {
        var document = Parse("q35", Expanders + Slots(20, 0, 31), Numa);
        var error = Assert.Throws<LibvirtXmlException>(() => GuestSlots.FindBehind(document, GuestSlots.ExpanderOf(document, 2)!));
        Assert.Contains("the expander bus 20 has no free slot", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_count_as_free_when_they_are_empty_and_accept_devices()
    {
        // Bus 256 cannot be written in an address, and a switch is no place for a device.
        var document = Parse("q35", Controllers("pcie-root", "0") + Port(1, 0, "on") + Port(2, 0) + Port(3, 0, "off") + Port(4, 0) + Port(7, 0, "on") + Port(255, 0) + Port(256, 0)
            + Controllers("pcie-switch-upstream-port", "5") + Controllers("pcie-switch-downstream-port", "6") + Devices("4"));
        Assert.Equal(5, GuestSlots.FreePorts(document));
        Assert.Equal(0, GuestSlots.FreePorts(Parse("q35", "")));
    }

    [Theory]
    [InlineData("0000:01:00.0", true)]
    [InlineData("0000:01:05.0", true)]
    [InlineData("0000:01:00.1", false)]
    [InlineData("0001:01:00.0", false)]
    [InlineData("0000:02:00.0", false)]
    [InlineData("0000:03:00.0", false)]
    public void A_place_is_free_when_its_bus_exists_and_its_slot_is_empty(string place, bool expected) =>
        Assert.Equal(expected, GuestSlots.IsFree(Parse("q35", Controllers("pcie-root", "0") + Controllers("pcie-root-port", "1 2") + Devices("2 0")), PciAddress.Parse(place)));

    [Theory]
    [InlineData("pcie-root-port", "", 0, true)]
    [InlineData("pcie-root-port", "on", 0, true)]
    [InlineData("pcie-root-port", "off", 0, false)]
    [InlineData("pcie-root-port", "", 1, false)]
    [InlineData("pcie-switch-downstream-port", "", 0, true)]
    [InlineData("pci-bridge", "", 4, true)]
    [InlineData("pci-bridge", "off", 4, false)]
    [InlineData("pcie-to-pci-bridge", "", 4, true)]
    [InlineData("pci-root", "", 4, true)]
    [InlineData("pcie-root", "", 4, false)]
    [InlineData("pcie-expander-bus", "", 4, false)]
    public void A_device_can_be_plugged_into_ports_and_conventional_buses(string model, string hotplug, byte slot, bool expected)
    {
        var target = hotplug.Length > 0 ? $"<target hotplug='{hotplug}'/>" : "";
        var document = Parse("", $"{Controllers("pcie-root", "0")}<controller type='pci' index='7' model='{model}'>{target}</controller>");
        Assert.Equal(expected, GuestSlots.CanPlug(document, new PciAddress(0, 7, slot, 0)));
        Assert.False(GuestSlots.CanPlug(document, new PciAddress(0, 8, slot, 0)));
    }

    [Fact]
    public void A_guest_has_no_more_than_256_buses()
    {
        Assert.Equal(255u, GuestSlots.NextPort(Parse("q35", Controllers("pcie-root", "0") + Controllers("pcie-root-port", "254"))).Index);
        var error = Assert.Throws<LibvirtXmlException>(() => GuestSlots.NextPort(Parse("q35", Controllers("pcie-root", "0") + Controllers("pcie-root-port", "255"))));
        Assert.Contains("no free bus number for another pcie-root-port", error.Message, StringComparison.Ordinal);
    }

    private static DomainDocument Parse(string machine, string devices, string more = "") => DomainDocument.Parse(
        $"<domain><os><type{(machine.Length > 0 ? $" machine='{machine}'" : "")}>hvm</type></os>{more}<devices>{devices}</devices></domain>");

    private static string Controllers(string model, string indexes) =>
        string.Concat(indexes.Split(' ').Select(index => $"<controller type='pci' index='{index}' model='{model}'/>"));

    private static string Port(uint index, byte bus, string? hotplug = null, byte? slot = null) =>
        $"<controller type='pci' index='{index}' model='pcie-root-port'>{(hotplug is null ? "" : $"<target hotplug='{hotplug}'/>")}<address type='pci' bus='{bus}' slot='{slot ?? (byte)(index % 32)}'/></controller>";

    /// <summary>A device in slot 0 of each bus; a domain may stand before the bus.</summary>
    private static string Devices(string buses) =>
        string.Concat(buses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(bus => bus.Split(':')).Select(parts =>
            $"<disk><address type='pci' domain='{(parts.Length > 1 ? parts[0] : "0")}' bus='{parts[^1]}' slot='0'/></disk>"));

    private static string Slots(byte bus, int first, int last) =>
        string.Concat(Enumerable.Range(first, last - first + 1).Select(slot => $"<disk><address type='pci' bus='{bus}' slot='{slot}'/></disk>"));
}
