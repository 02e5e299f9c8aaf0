using System.Reflection;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Assignment.Requests;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Assignment;

public sealed class GuestPlacesTests
{
    private const string NoPorts = "<controller type='pci' index='0' model='pcie-root'/>";

    private const string TwoPorts =
        """
        <controller type='pci' index='0' model='pcie-root'/>
        <controller type='pci' index='1' model='pcie-root-port'><address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0' multifunction='on'/></controller>
        <controller type='pci' index='2' model='pcie-root-port'><address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x1'/></controller>
        """;

    private const string Expander =
        """
        <controller type='pci' index='0' model='pcie-root'/>
        <controller type='pci' index='1' model='pcie-root-port'/>
        <controller type='pci' index='2' model='pcie-expander-bus'><target busNr='180'><node>1</node></target></controller>
        <controller type='pci' index='3' model='pcie-root-port'><address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></controller>
        """;

    private const string Numa = "<numatune><memory mode='strict' nodeset='0-1'/><memnode cellid='0' mode='strict' nodeset='0'/><memnode cellid='1' mode='strict' nodeset='1'/></numatune>";

    private static readonly PciAddress Gpu = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Sound = PciAddress.Parse("0000:01:00.1");
    private static readonly PciAddress Nic = PciAddress.Parse("0000:02:00.0");

    [Fact]
    public void A_whole_card_shares_one_slot_of_the_definition()
    {
        var places = Places(new(Gpu) { WholeCards = true }, Domain(TwoPorts), "");

        var elements = places.Of([new(Gpu), new(Sound)]).Select(place => (PciHostDevice)Assert.Single(PassthroughDevice.ParseAll(place.Definition))).ToList();

        Assert.Equal([Gpu, Sound], elements.Select(element => element.Address));
        Assert.Equal(
            [new PciGuestAddress(PciAddress.Parse("0000:01:00.0")) { Multifunction = true }, new PciGuestAddress(PciAddress.Parse("0000:01:00.1"))],
            elements.Select(element => element.GuestAddress));
        Assert.All(elements, element => Assert.True(element.Managed));
        Assert.Empty(places.Controllers);
        Assert.Empty(places.FunctionsApart);
    }

    [Fact]
    public void A_card_without_a_free_port_brings_its_port()
    {
        var places = Places(new(Gpu) { WholeCards = true }, Domain(NoPorts), "");

        var first = places.Of([new(Gpu), new(Sound)])[0];

        Assert.Equal(new PciController(1, "pcie-root-port"), Assert.Single(places.Controllers));
        Assert.Equal(PciAddress.Parse("0000:01:00.0"), DomainXml.GuestAddressOf(first.Definition));
    }

    [Fact]
    public void Two_cards_get_two_slots()
    {
        var places = Places(new(Gpu, Nic) { WholeCards = true }, Domain(TwoPorts), "");

        var slots = places.Of([new(Gpu), new(Sound), new(Nic), new(PciAddress.Parse("0000:02:00.1"))]).Select(place => DomainXml.GuestAddressOf(place.Definition)!.Value.Bus);

        Assert.Equal([1, 1, 2, 2], slots.Select(bus => (int)bus));
    }

    [Fact]
    public void A_running_guest_gets_the_functions_in_slots_of_their_own()
    {
        var places = Places(new(Gpu) { WholeCards = true }, Domain(TwoPorts), Domain(TwoPorts));

        var placed = places.Of([new(Gpu), new(Sound)]);

        Assert.Equal([Gpu, Sound], places.FunctionsApart);
        Assert.All(placed, place => Assert.Null(DomainXml.GuestAddressOf(place.Live!)));
        Assert.All(placed, place => Assert.NotNull(DomainXml.GuestAddressOf(place.Definition)));
    }

    [Fact]
    public void A_card_whose_first_function_is_hidden_begins_with_function_0_all_the_same()
    {
        var places = Places(new(Sound) { WholeCards = true }, Domain(TwoPorts), "");

        var numbers = places.Of([new(Sound), new(PciAddress.Parse("0000:01:00.2"))]).Select(place => (int)DomainXml.GuestAddressOf(place.Definition)!.Value.Function);

        Assert.Equal([0, 1], numbers);
    }

    [Fact]
    public void A_card_that_the_definition_has_in_part_is_refused()
    {
        var definition = Domain(TwoPorts + DomainXml.HostdevOf(Sound));

        var error = Assert.Throws<AssignmentException>(() => Places(new(Gpu) { WholeCards = true }, definition, "").Of([new(Gpu), new(Sound)]));

        Assert.Equal("vm1", error.Domain);
        Assert.Contains("passthrough release 0000:01:00.1 --domain vm1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_that_the_definition_has_keeps_its_place()
    {
        var first = Places(new(Gpu) { WholeCards = true }, Domain(TwoPorts), "").Of([new(Gpu), new(Sound)]);
        var definition = DomainDocument.Parse(Domain(TwoPorts));
        foreach (var place in first)
        {
            definition = definition.Add(PassthroughDevice.ParseAll(place.Definition)[0]);
        }

        var again = Places(new(Gpu) { WholeCards = true }, definition.ToString(), "").Of([new(Gpu), new(Sound)]);

        Assert.Equal(first.Select(place => DomainXml.GuestAddressOf(place.Definition)), again.Select(place => DomainXml.GuestAddressOf(place.Definition)));
    }

    [Theory]
    [InlineData(1, "0000:03:00.0")]
    [InlineData(0, null)]
    [InlineData(null, null)]
    public void A_device_goes_behind_the_expander_bus_of_its_node(int? node, string? place)
    {
        var places = Places(new(Nic), Domain(Expander, Numa), "");

        var placed = Assert.Single(places.Of([new(Nic) { NumaNode = node }]));

        Assert.Equal(place, DomainXml.GuestAddressOf(placed.Definition)?.ToString());
        Assert.Empty(places.Controllers);
    }

    [Fact]
    public void A_running_guest_gets_the_device_behind_that_bus_too()
    {
        var placed = Assert.Single(Places(new(Nic) { Scope = AssignmentScope.Live }, "", Domain(Expander, Numa)).Of([new(Nic) { NumaNode = 1 }]));

        Assert.Equal("0000:03:00.0", DomainXml.GuestAddressOf(placed.Live!)?.ToString());
    }

    [Fact]
    public void Behind_a_full_expander_bus_a_port_is_added()
    {
        var places = Places(new(Nic, Gpu), Domain(Expander, Numa), "");

        var placed = places.Of([new(Nic) { NumaNode = 1 }, new(Gpu) { NumaNode = 1 }]);

        Assert.Equal(["0000:03:00.0", "0000:04:00.0"], placed.Select(place => DomainXml.GuestAddressOf(place.Definition)?.ToString()));
        Assert.Equal(new PciController(4, "pcie-root-port") { Address = PciAddress.Parse("0000:02:01.0") }, Assert.Single(places.Controllers));
    }

    [Fact]
    public void A_node_whose_memory_is_not_on_one_node_of_the_host_chooses_nothing()
    {
        const string spread = "<numatune><memory mode='strict' nodeset='0-1'/></numatune>";

        Assert.Null(DomainXml.GuestAddressOf(Assert.Single(Places(new(Nic), Domain(Expander, spread), "").Of([new(Nic) { NumaNode = 1 }])).Definition));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    public void Spare_ports_are_those_that_are_left_when_the_device_has_its_own(int spare, int added)
    {
        var places = Places(new(Nic) { SparePorts = spare }, Domain(TwoPorts), "");

        places.Of([new(Nic)]);

        Assert.Equal(added, places.Controllers.Count);
        Assert.Equal(Enumerable.Range(3, added).Select(index => (uint)index), places.Controllers.Select(controller => controller.Index));
    }

    [Fact]
    public void Spare_ports_need_a_definition_with_ports()
    {
        var request = new AssignmentRequest(Nic) { SparePorts = 1 };
        const string i440fx = "<domain type='kvm'><name>vm1</name><os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os><devices><controller type='pci' index='0' model='pci-root'/></devices></domain>";

        Assert.Contains("pc-i440fx-7.2", Assert.Throws<AssignmentException>(() => Places(request, i440fx, "").Of([new(Nic)])).Message, StringComparison.Ordinal);
        Assert.Contains("no definition", Assert.Throws<AssignmentException>(() => Places(request, "", Domain(TwoPorts)).Of([new(Nic)])).Message, StringComparison.Ordinal);
        Assert.Contains("running guest only", Assert.Throws<AssignmentException>(
            () => Places(request with { Scope = AssignmentScope.Live }, Domain(TwoPorts), Domain(TwoPorts)).Of([new(Nic)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_element_counts_with_everything_but_what_the_request_decides()
    {
        var element = new PciHostDevice
        {
            Address = Nic,
            Alias = "ua-nic",
            Managed = true,
            Rom = new DeviceRom { Bar = false },
            GuestAddress = new PciGuestAddress(PciAddress.Parse("0000:02:00.0")),
        };

        var placed = Assert.Single(Places(new(Nic) { Elements = [element], IsManaged = false }, Domain(TwoPorts), Domain(TwoPorts)).Of([new(Nic)]));

        Assert.Equal(element with { Managed = false }, Assert.Single(PassthroughDevice.ParseAll(placed.Definition)));
        Assert.Null(placed.Live);
    }

    [Fact]
    public void Elements_are_of_devices_of_the_request_and_each_of_another()
    {
        var element = new PciHostDevice { Address = Nic };

        Assert.Contains("not among the devices", Refused(Gpu, element), StringComparison.Ordinal);
        Assert.Contains("two elements", Refused(Nic, element, element with { Alias = "ua-x" }), StringComparison.Ordinal);
        Assert.Contains("not of a PCI device", Refused(Nic, HostDeviceFactory.Vgpu(Guid.NewGuid())), StringComparison.Ordinal);

        static string Refused(PciAddress device, params PassthroughDevice[] elements) => Assert.Throws<AssignmentException>(
            () => Places(new(device) { Elements = [.. elements] }, Domain(TwoPorts), "").Of([new(device)])).Message;
    }

    [Fact]
    public void What_the_definition_has_is_plugged_in_as_it_is()
    {
        const string nic = "<interface type='hostdev'><mac address='52:54:00:6d:90:02'/><source><address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></source>"
            + "<vlan><tag id='42'/></vlan><alias name='ua-nic'/><address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></interface>";
        const string other = "<hostdev mode='subsystem' type='pci' managed='yes'><source><address bus='9'/></source><address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></hostdev>";

        var placed = Assert.Single(Places(new(Nic), Domain(TwoPorts + nic), Domain(TwoPorts)).Of([new(Nic)]));
        Assert.Equal(HostInterface.Parse(nic), PassthroughDevice.ParseAny(placed.Definition));
        Assert.Null(placed.Live);

        // Its place is taken in the running guest.
        placed = Assert.Single(Places(new(Nic), Domain(TwoPorts + nic), Domain(TwoPorts + other)).Of([new(Nic)]));
        Assert.Equal(HostInterface.Parse(nic) with { GuestAddress = null }, PassthroughDevice.ParseAny(placed.Live!));

        // Nothing can be plugged into its port while the guest runs.
        var cold = TwoPorts.Replace("model='pcie-root-port'>", "model='pcie-root-port'><target hotplug='off'/>", StringComparison.Ordinal);
        Assert.Null(DomainXml.GuestAddressOf(Assert.Single(Places(new(Nic), Domain(TwoPorts + nic), Domain(cold)).Of([new(Nic)])).Live!));
    }

    [Fact]
    public void What_the_running_guest_has_gets_into_the_definition_as_it_is()
    {
        var has = new PciHostDevice
        {
            Address = Nic,
            Alias = "ua-nic",
            Rom = new DeviceRom { Bar = false },
            GuestAddress = new PciGuestAddress(PciAddress.Parse("0000:02:00.0")),
        };

        var placed = Assert.Single(Places(new(Nic), Domain(TwoPorts), Domain(TwoPorts + has.ToXml())).Of([new(Nic)]));
        Assert.Equal(has, PassthroughDevice.ParseAny(placed.Definition));

        var other = new PciHostDevice { Address = Sound, GuestAddress = has.GuestAddress };
        placed = Assert.Single(Places(new(Nic), Domain(TwoPorts + other.ToXml()), Domain(TwoPorts + has.ToXml())).Of([new(Nic)]));
        Assert.Equal(has with { GuestAddress = null }, PassthroughDevice.ParseAny(placed.Definition));
    }

    [Fact]
    public void An_NVMe_disk_stays_a_disk()
    {
        const string disk = "<disk type='nvme' device='disk'><source type='pci' managed='yes' namespace='1'><address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></source><target dev='vda' bus='virtio'/></disk>";

        Assert.Equal((Nic, disk, null), Assert.Single(Places(new(Nic), Domain(TwoPorts + disk), Domain(TwoPorts)).Of([new(Nic)])));
        Assert.Equal(disk, Assert.Single(Places(new(Nic), Domain(TwoPorts), Domain(TwoPorts + disk)).Of([new(Nic)])).Definition);
    }

    [Fact]
    public void An_interface_without_a_MAC_address_gets_one_that_both_descriptions_have()
    {
        var request = new AssignmentRequest(Nic, Sound) { Elements = [new HostInterface { Address = Nic }, new HostInterface { Address = Sound }] };

        var placed = Places(request, Domain(TwoPorts), Domain(TwoPorts)).Of([new(Nic), new(Sound)]);

        Assert.All(placed, place => Assert.Null(place.Live));
        var macs = placed.Select(place => HostInterface.Parse(place.Definition).Mac!.Address).ToList();
        Assert.All(macs, mac => Assert.StartsWith("52:54:00:", mac, StringComparison.Ordinal));
        Assert.Equal(2, macs.Distinct().Count());
        Assert.Equal(placed, Places(request, Domain(TwoPorts), Domain(TwoPorts)).Of([new(Nic), new(Sound)]));
    }

    [Fact]
    public void What_the_domain_has_is_not_changed_by_an_element()
    {
        var has = new PciHostDevice { Address = Nic, Managed = true, Alias = "ua-nic", GuestAddress = new PciGuestAddress(PciAddress.Parse("0000:02:00.0")) };
        var asked = new PciHostDevice { Address = Nic, Alias = "ua-nic" };
        var (with, without) = (Domain(TwoPorts + has.ToXml()), Domain(TwoPorts));

        Assert.Single(Places(new(Nic) { Elements = [asked] }, with, without).Of([new(Nic)]));
        Assert.Contains("the definition of vm1 has the device already", Refused(asked with { Alias = "ua-other" }, with, without), StringComparison.Ordinal);
        Assert.Contains("the running vm1 has the device already", Refused(asked with { Rom = new DeviceRom { Bar = false } }, without, with), StringComparison.Ordinal);
        Assert.Contains("already", Refused(new HostInterface { Address = Nic }, with, ""), StringComparison.Ordinal);
        Assert.Contains("already", Refused(asked with { GuestAddress = new PciGuestAddress(PciAddress.Parse("0000:01:00.0")) }, with, ""), StringComparison.Ordinal);
        Assert.Contains("cannot be assigned unmanaged", Assert.Throws<AssignmentException>(
            () => Places(new(Nic) { IsManaged = false }, with, without).Of([new(Nic)])).Message, StringComparison.Ordinal);

        static string Refused(PassthroughDevice element, string definition, string live) => Assert.Throws<AssignmentException>(
            () => Places(new(Nic) { Elements = [element] }, definition, live).Of([new(Nic)])).Message;
    }

    [Theory]
    [InlineData(typeof(PciHostDevice), """
        <hostdev mode='subsystem' type='pci' managed='yes' display='on' later='1'>
          <driver name='vfio'/>
          <source writeFiltering='yes' later='1'><address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/><origstates><unbind/></origstates></source>
          <teaming type='transient' persistent='ua-net'/><boot order='3'/><alias name='ua-nic' later='1'/><rom bar='off'/><acpi index='5'/>
          <address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>
        </hostdev>
        """, """
        <hostdev mode='subsystem' type='pci' ramfb='on'><source><address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></source></hostdev>
        """)]
    [InlineData(typeof(HostInterface), """
        <interface type='hostdev' managed='yes' later='1'>
          <mac address='52:54:00:00:00:01'/><driver name='vfio'/>
          <source writeFiltering='yes' later='1'><address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/><origstates><unbind/></origstates></source>
          <vlan><tag id='5'/></vlan><virtualport type='802.1Qbh'><parameters profileid='p'/></virtualport>
          <teaming type='transient' persistent='ua-net'/><boot order='3'/><alias name='ua-nic' later='1'/><rom bar='off'/><acpi index='5'/>
          <address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>
        </interface>
        """)]
    public void An_element_that_leaves_everything_open_fits_whatever_the_domain_has(Type type, params string[] elements)
    {
        PassthroughDevice open = type == typeof(PciHostDevice) ? new PciHostDevice { Address = Nic } : new HostInterface { Address = Nic };
        var models = elements.Select(PassthroughDevice.ParseAny).ToList();

        // Between them they have every part that a model has: a new one must be added here, and to DeviceElements.
        var parts = type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(property => property.SetMethod is not null).ToList();
        Assert.True(parts.Count > 12, "reflection finds no parts");
        Assert.All(parts, part => Assert.Contains(models, model => !Equals(part.GetValue(model), part.PropertyType.IsValueType ? Activator.CreateInstance(part.PropertyType) : null)));

        Assert.All(elements, element => Assert.Single(Places(new(Nic) { Elements = [open] }, Domain(TwoPorts + element), "").Of([new(Nic)])));
    }

    [Fact]
    public void An_unmanaged_device_of_the_definition_stays_one_without_being_asked()
    {
        var has = new PciHostDevice { Address = Nic };

        Assert.Null(Assert.Single(Places(new(Nic), Domain(TwoPorts + has.ToXml()), Domain(TwoPorts)).Of([new(Nic)])).Live);
    }

    [Fact]
    public void An_element_of_a_requested_device_that_does_not_exist_is_none_of_another_device() =>
        Assert.Empty(Places(new(Nic) { Elements = [new PciHostDevice { Address = Nic }] }, Domain(TwoPorts), "").Of([]));

    [Fact]
    public void Any_function_of_a_card_may_name_its_slot()
    {
        Assert.Equal(["0000:02:00.0", "0000:02:00.1"], PlacesWith("0000:02:00.1").Select(place => DomainXml.GuestAddressOf(place.Definition)?.ToString()));
        Assert.Contains("ask for 0000:02:00.1", Assert.Throws<AssignmentException>(() => PlacesWith("0000:02:00.0")).Message, StringComparison.Ordinal);
        Assert.Contains("one slot", Assert.Throws<AssignmentException>(() => PlacesWith("0000:02:00.1", Element(Gpu, "0000:01:00.0"))).Message, StringComparison.Ordinal);
        Assert.Contains("function 0 of a slot", Assert.Throws<AssignmentException>(
            () => Places(new(Gpu) { WholeCards = true, Elements = [Element(Sound, "0000:02:00.1")] }, "", Domain(TwoPorts)).Of([new(Gpu), new(Sound)])).Message, StringComparison.Ordinal);

        static ValueList<(PciAddress Device, string Definition, string? Live)> PlacesWith(string place, params PciHostDevice[] more) =>
            Places(new(Gpu) { WholeCards = true, Elements = [Element(Sound, place), .. more] }, Domain(TwoPorts), "").Of([new(Gpu), new(Sound)]);

        static PciHostDevice Element(PciAddress device, string place) => new() { Address = device, GuestAddress = new PciGuestAddress(PciAddress.Parse(place)) };
    }

    [Fact]
    public void Functions_are_apart_only_until_a_definition_puts_them_together()
    {
        var card = new AssignmentRequest(Gpu) { WholeCards = true };
        Assert.Empty(Apart(card with { Scope = AssignmentScope.Live }, Domain(TwoPorts)));
        Assert.Empty(Apart(card, ""));
        Assert.Empty(Apart(card, Domain(TwoPorts + Placed(Gpu, "0000:01:00.0") + Placed(Sound, "0000:02:00.0"))));
        Assert.Equal([Gpu, Sound], Apart(card, Domain(TwoPorts + Placed(Gpu, "0000:01:00.0") + Placed(Sound, "0000:01:00.1"))));

        static ValueList<PciAddress> Apart(AssignmentRequest request, string definition)
        {
            var places = Places(request, definition, Domain(TwoPorts));
            places.Of([new(Gpu), new(Sound)]);
            return places.FunctionsApart;
        }

        static string Placed(PciAddress device, string place) => new PciHostDevice { Address = device, GuestAddress = new PciGuestAddress(PciAddress.Parse(place)) }.ToXml();
    }

    [Theory]
    [InlineData("<alias name='ua-x'/>", "alias 'ua-x'")]
    [InlineData("<boot order='1'/>", "boot order 1")]
    [InlineData("<address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>", "address")]
    public void What_another_device_has_is_refused_for_this_one(string part, string reason)
    {
        var taken = Domain(TwoPorts + $"<hostdev mode='subsystem' type='pci'><source><address bus='9'/></source>{part}</hostdev>");
        var element = PassthroughDevice.ParseAny($"<hostdev mode='subsystem' type='pci'><source><address bus='2'/></source>{part}</hostdev>");

        foreach (var (definition, live) in new[] { (taken, ""), ("", taken) })
        {
            var error = Assert.Throws<AssignmentException>(() => Places(new(Nic) { Elements = [element] }, definition, live).Of([new(Nic)]));
            Assert.Contains("cannot get 0000:02:00.0", error.Message, StringComparison.Ordinal);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_port_that_nothing_can_be_plugged_into_is_no_spare_port()
    {
        var cold = TwoPorts.Replace("model='pcie-root-port'>", "model='pcie-root-port'><target hotplug='off'/>", StringComparison.Ordinal);
        var places = Places(new(Nic) { SparePorts = 1 }, Domain(cold), "");

        places.Of([new(Nic)]);

        Assert.Equal(2, places.Controllers.Count);
    }

    [Fact]
    public void A_node_whose_memory_is_only_preferred_on_a_node_of_the_host_chooses_nothing()
    {
        const string preferred = "<numatune><memory mode='strict' nodeset='1'/><memnode cellid='1' mode='preferred' nodeset='1'/></numatune>";

        Assert.Null(DomainXml.GuestAddressOf(Assert.Single(Places(new(Nic), Domain(Expander, preferred), "").Of([new(Nic) { NumaNode = 1 }])).Definition));
    }

    [Fact]
    public void A_device_that_the_guest_is_not_to_see_stays_hidden()
    {
        var hidden = new PciHostDevice { Address = Gpu, GuestAddress = new UnassignedGuestAddress() };

        var plugged = Assert.Single(Places(new(Gpu), Domain(TwoPorts + hidden.ToXml()), Domain(TwoPorts)).Of([new(Gpu)]));
        Assert.IsType<UnassignedGuestAddress>(PassthroughDevice.ParseAny(plugged.Live ?? plugged.Definition).GuestAddress);

        var error = Assert.Throws<AssignmentException>(() => Places(new(Gpu) { WholeCards = true, Elements = [hidden] }, Domain(TwoPorts), "").Of([new(Gpu), new(Sound)]));
        Assert.Contains("hides it from the guest", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_boot_order_that_nobody_asked_for_does_not_refuse_the_device()
    {
        var nic = new PciHostDevice { Address = Nic, Boot = new DeviceBoot { Order = 2 } };
        var live = Domain(TwoPorts).Replace("</type></os>", "</type><boot dev='hd'/></os>", StringComparison.Ordinal);

        var placed = Assert.Single(Places(new(Nic), Domain(TwoPorts + nic.ToXml()), live).Of([new(Nic)]));
        Assert.Null(PassthroughDevice.ParseAny(placed.Live!).Boot);

        Assert.Throws<AssignmentException>(() => Places(new(Nic) { Elements = [nic] }, "", live).Of([new(Nic)]));
    }

    private static GuestPlaces Places(AssignmentRequest request, string definition, string live) => new(request, "vm1", definition, live);

    private static string Domain(string devices, string more = "") =>
        $"<domain type='kvm'><name>vm1</name><os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>{more}<devices>{devices}</devices></domain>";
}
