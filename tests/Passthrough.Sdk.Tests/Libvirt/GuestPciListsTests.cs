using System.Text.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Guests;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Libvirt;

public sealed class GuestPciListsTests
{
    [Fact]
    public void A_line_of_the_kernels_list_is_a_device()
    {
        // As Linux writes it: a driver, none, and registers that something claimed without one.
        var devices = GuestPciLists.ReadProc(
            FakeAgent.Line("0500", "808610d3", "e1000e") + FakeAgent.Line("00fb", "80862930") + FakeAgent.Line("0008", "12341111", "compat"));
        Assert.Equal(
            [
                new(0x8086, 0x10d3) { Address = PciAddress.Parse("0000:05:00.0"), Driver = "e1000e" },
                new(0x8086, 0x2930) { Address = PciAddress.Parse("0000:00:1f.3") },
                new GuestPciDevice(0x1234, 0x1111) { Address = PciAddress.Parse("0000:00:01.0") },
            ],
            devices);
        Assert.Equal("8086:10d3 at 0000:05:00.0 with the driver e1000e", devices[0].ToString());
    }

    [Fact]
    public void A_line_of_the_script_is_a_device() => Assert.Equal(
        [
            new(0x8086, 0x10d3) { Address = PciAddress.Parse("10000:05:00.0"), Driver = "e1000e" },
            new GuestPciDevice(0x1234, 0x1111) { Address = PciAddress.Parse("0000:00:01.0") },
        ],
        GuestPciLists.ReadSysfs("10000:05:00.0 0x8086 0x10d3 e1000e\n0000:00:01.0 0x1234 0x1111 \n"));

    [Fact]
    public void Windows_names_ids_and_drivers()
    {
        using var json = JsonDocument.Parse("""
            [{"driver-date":1,"driver-name":"Red Hat VirtIO Ethernet Adapter","driver-version":"1","id":{"type":"pci","vendor-id":6900,"device-id":4161}},
             {"driver-name":"something else"}]
            """);
        Assert.Equal([new GuestPciDevice(0x1af4, 0x1041) { Driver = "Red Hat VirtIO Ethernet Adapter" }], GuestPciLists.ReadWindows(json.RootElement));
    }

    [Theory]
    [InlineData("0000:05:00.0 8086 10d3 e1000e")]
    [InlineData("0000:05:00.0 0x8086")]
    [InlineData("0000:05:00.0 0x8086 0x10d3 a b")]
    public void Another_text_is_not_a_list(string text)
    {
        Assert.Throws<PassthroughException>(() => GuestPciLists.ReadSysfs(text));
        Assert.Throws<PassthroughException>(() => GuestPciLists.ReadProc(text));
    }
}
