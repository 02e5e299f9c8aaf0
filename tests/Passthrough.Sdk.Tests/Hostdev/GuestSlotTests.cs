using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Hostdev;

public sealed class GuestSlotTests
{
    private const string Q35 = """
        <domain type='kvm'>
          <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
          <devices>
            <controller type='pci' index='0' model='pcie-root'/>
            <controller type='pci' index='1' model='pcie-root-port'><address type='pci' bus='0' slot='2'/></controller>
            <controller type='pci' index='2' model='pcie-root-port'><address type='pci' bus='0' slot='2' function='1'/></controller>
            <disk><address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></disk>
          </devices>
        </domain>
        """;

    [Fact]
    public void On_q35_a_free_root_port_is_taken_and_then_one_is_added()
    {
        var document = DomainDocument.Parse(Q35);
        var first = document.FindFreeSlot();
        Assert.Equal(PciAddress.Parse("02:00.0"), first.Address);
        Assert.Null(first.AddedController);
        Assert.Equal(Q35, first.Document.ToString());

        document = document.Add(HostDeviceFactory.Nic(PciAddress.Parse("01:00.0")) with { GuestAddress = new PciGuestAddress(first.Address) });
        var second = document.FindFreeSlot();
        Assert.Equal(PciAddress.Parse("03:00.0"), second.Address);
        Assert.Equal(new PciController(3, "pcie-root-port"), second.AddedController);
        Assert.Contains("\n    <controller type='pci' index='3' model='pcie-root-port'/>\n    <disk>", second.Document.ToString(), StringComparison.Ordinal);
        Assert.Throws<LibvirtXmlException>(() => document.Add(new PciController(2, "pcie-root-port")));
    }

    [Fact]
    public void On_i440fx_slots_are_taken_until_one_is_left_for_a_bridge()
    {
        static string Domain(int used) => $"<domain><os><type machine='pc'>hvm</type></os><devices><controller type='pci' index='0' model='pci-root'/>"
            + string.Concat(Enumerable.Range(3, used).Select(slot => $"<disk><address type='pci' bus='0' slot='{slot}'/></disk>")) + "</devices></domain>";
        Assert.Equal(PciAddress.Parse("00:03.0"), DomainDocument.Parse(Domain(0)).FindFreeSlot().Address);
        Assert.Equal(PciAddress.Parse("00:1e.0"), DomainDocument.Parse(Domain(27)).FindFreeSlot().Address);
        var bridged = DomainDocument.Parse(Domain(28)).FindFreeSlot();
        Assert.Equal((PciAddress.Parse("01:01.0"), "pci-bridge"), (bridged.Address, bridged.AddedController?.Model));
        Assert.Equal(PciAddress.Parse("00:1f.0"), bridged.Document.FindFreeSlot().Address);
        Assert.Throws<LibvirtXmlException>(() => DomainDocument.Parse(Domain(29)).FindFreeSlot());
    }

    [Fact]
    public void On_pseries_a_device_gets_a_host_bridge_of_its_own()
    {
        const string domain = "<domain><os><type arch='ppc64' machine='pseries-7.2'>hvm</type></os><devices><controller type='pci' index='0' model='pci-root'/></devices></domain>";
        var slot = DomainDocument.Parse(domain).FindFreeSlot();
        Assert.Equal((PciAddress.Parse("01:01.0"), "pci-root"), (slot.Address, slot.AddedController?.Model));
        Assert.Equal(slot.Address, slot.Document.FindFreeSlot().Address);
    }

    [Fact]
    public void On_q35_a_conventional_device_gets_a_slot_of_a_bridge()
    {
        var document = DomainDocument.Parse(Q35);
        var slot = document.FindFreeConventionalSlot();
        Assert.Equal((PciAddress.Parse("03:01.0"), "pcie-to-pci-bridge"), (slot.Address, slot.AddedController?.Model));
        document = slot.Document.Add(HostDeviceFactory.SoundCard(PciAddress.Parse("07:00.0")) with { GuestAddress = new PciGuestAddress(slot.Address) });
        var next = document.FindFreeConventionalSlot();
        Assert.Equal(PciAddress.Parse("03:02.0"), next.Address);
        Assert.Null(next.AddedController);
        Assert.Equal(PciAddress.Parse("02:00.0"), document.FindFreeSlot().Address);
    }

    [Fact]
    public void A_controller_says_what_it_keeps_for_devices_to_come()
    {
        var port = new PciController(3, "pcie-root-port") { Hotplug = true, MemoryReserve = 8192 };
        var document = DomainDocument.Parse(Q35).Add(port);
        Assert.Contains("<target hotplug='on' memReserve='8192'/>", document.ToString(), StringComparison.Ordinal);
        Assert.Equal(port, document.Settings.PciControllers[^1]);
    }

    [Fact]
    public void On_i440fx_and_pseries_every_slot_is_one_for_conventional_devices()
    {
        foreach (var machine in (string[])["pc-i440fx-7.2", "pseries-7.2"])
        {
            var document = DomainDocument.Parse($"<domain><os><type machine='{machine}'>hvm</type></os><devices><controller type='pci' index='0' model='pci-root'/></devices></domain>");
            Assert.Equal(document.FindFreeSlot().Address, document.FindFreeConventionalSlot().Address);
        }
    }

    [Theory]
    [InlineData("aarch64", "virt-7.2")]
    [InlineData("riscv64", "virt")]
    [InlineData("x86_64", "q35")]
    public void Where_no_controller_is_written_a_root_port_is_added(string arch, string machine)
    {
        var document = DomainDocument.Parse($"<domain><os><type arch='{arch}' machine='{machine}'>hvm</type></os><devices/></domain>");
        var slot = document.FindFreeSlot();
        Assert.Equal((PciAddress.Parse("01:00.0"), "pcie-root-port"), (slot.Address, slot.AddedController?.Model));
        Assert.Equal((PciAddress.Parse("01:01.0"), "pcie-to-pci-bridge"), (document.FindFreeConventionalSlot().Address, document.FindFreeConventionalSlot().AddedController?.Model));
    }

    [Fact]
    public void A_gpu_fills_a_slot_with_its_functions_and_leaves_the_next_one_free()
    {
        var document = DomainDocument.Parse(Q35);
        var slot = document.FindFreeSlot();
        foreach (var function in HostDeviceFactory.Gpu([PciAddress.Parse("65:00.0"), PciAddress.Parse("65:00.1"), PciAddress.Parse("65:00.2")], slot.Address))
        {
            document = document.Add(function);
        }

        Assert.Equal(3, document.HostDevices.Count);
        Assert.Equal("pcie-root-port", document.FindFreeSlot().AddedController?.Model);
        Assert.Throws<LibvirtXmlException>(() => document.Add(HostDeviceFactory.Nic(PciAddress.Parse("66:00.0")) with { GuestAddress = new PciGuestAddress(slot.Address) }));
    }

    [Fact]
    public void A_gpu_keeps_its_functions_on_one_slot()
    {
        var gpu = HostDeviceFactory.Gpu([PciAddress.Parse("65:00.1"), PciAddress.Parse("65:00.0")], PciAddress.Parse("04:00.0"), "/roms/gpu.rom");
        Assert.Equal([PciAddress.Parse("65:00.0"), PciAddress.Parse("65:00.1")], gpu.Select(d => d.Address));
        Assert.Equal(new PciGuestAddress(PciAddress.Parse("04:00.0")) { Multifunction = true }, gpu[0].GuestAddress);
        Assert.Equal(new PciGuestAddress(PciAddress.Parse("04:00.1")), gpu[1].GuestAddress);
        Assert.Equal("/roms/gpu.rom", gpu[0].Rom?.File);
        Assert.Null(gpu[1].Rom);
        Assert.Throws<ArgumentException>(() => HostDeviceFactory.Gpu([PciAddress.Parse("65:00.1")], default));
        Assert.Equal("romFile", Assert.Throws<ArgumentException>(() => HostDeviceFactory.Gpu([PciAddress.Parse("65:00.0")], default, "gpu.rom")).ParamName);
        Assert.Throws<ArgumentException>(() => HostDeviceFactory.Gpu([PciAddress.Parse("65:00.0"), PciAddress.Parse("66:00.1")], default));
    }

    [Fact]
    public void The_other_wishes_are_one_call_each()
    {
        var address = PciAddress.Parse("03:10.1");
        Assert.Equal(1u, HostDeviceFactory.Nic(address, bootOrder: 1).Boot?.Order);
        Assert.True(HostDeviceFactory.NvmeDisk(address).Managed);
        Assert.True(HostDeviceFactory.SoundCard(address).Managed);
        Assert.Contains("<vlan>\n    <tag id='42'/>", HostDeviceFactory.VirtualFunction(address, "52:54:00:6D:90:02", 42).ToXml(), StringComparison.Ordinal);
        Assert.Contains("address='52:54:00:6d:90:02'", HostDeviceFactory.VirtualFunction(address, "52:54:00:6D:90:02").ToXml(), StringComparison.Ordinal);
        Assert.Contains("<vendor id='0x046d'/>", HostDeviceFactory.Usb(0x46d, 0xc52b).ToXml(), StringComparison.Ordinal);
        Assert.Contains("bus='3' port='1.2'", HostDeviceFactory.UsbPort(3, "1.2").ToXml(), StringComparison.Ordinal);
        Assert.Contains("display='on' ramfb='on'", HostDeviceFactory.Vgpu(Guid.NewGuid(), display: true).ToXml(), StringComparison.Ordinal);
        Assert.Throws<LibvirtXmlException>(() => HostDeviceFactory.VirtualFunction(address, "01:00:5e:00:00:01"));
        Assert.Throws<LibvirtXmlException>(() => HostDeviceFactory.VirtualFunction(address, vlan: 4096));
        Assert.Throws<LibvirtXmlException>(() => HostDeviceFactory.UsbPort(1, "1.2.3.4.5"));
    }
}
