using CsCheck;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Pci;

public sealed class PciAddressTests
{
    private static readonly Gen<PciAddress> AnyAddress =
        Gen.Select(Gen.UInt, Gen.Byte, Gen.Byte[0, 31], Gen.Byte[0, 7], (d, b, s, f) => new PciAddress(d, b, s, f));

    [Theory]
    [InlineData("0000:01:00.0", "0000:01:00.0")]
    [InlineData("01:00.0", "0000:01:00.0")]
    [InlineData("10000:E2:1F.7", "10000:e2:1f.7")]
    [InlineData("ffffffff:ff:1f.7", "ffffffff:ff:1f.7")]
    [InlineData("0:1:2.3", "0000:01:02.3")]
    public void Parse_reads_what_people_and_kernels_write(string text, string canonical) =>
        Assert.Equal(canonical, PciAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("0000:01:00")]
    [InlineData("0000:01:20.0")]
    [InlineData("0000:01:00.8")]
    [InlineData("0000:100:00.0")]
    [InlineData("100000000:01:00.0")]
    [InlineData("0000:01:00.0 ")]
    [InlineData(" 0000:01:00.0")]
    [InlineData("0000:-1:00.0")]
    [InlineData("1:0000:01:00.0")]
    [InlineData(":01:00.0")]
    [InlineData("pci_0000_01_00_0")]
    public void Parse_refuses_what_is_no_address_and_names_it(string text)
    {
        Assert.False(PciAddress.TryParse(text, out _));
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => PciAddress.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_and_back_is_the_same_address() =>
        AnyAddress.Sample(address => PciAddress.Parse(address.ToString()) == address);

    [Fact]
    public void Order_is_that_of_the_parts() =>
        Gen.Select(AnyAddress, AnyAddress).Sample((a, b) =>
            Math.Sign(a.CompareTo(b)) == Math.Sign((a.Domain, a.Bus, a.Slot, a.Function).CompareTo((b.Domain, b.Bus, b.Slot, b.Function))));

    [Fact]
    public void Parts_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PciAddress(0, 0, 32, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PciAddress(0, 0, 0, 8));
    }

    [Fact]
    public void Node_device_name_is_libvirts() => Assert.Equal("pci_0000_3b_00_1", PciAddress.Parse("3b:00.1").NodeDeviceName);

    [Fact]
    public void A_node_devices_name_and_back_is_the_same_address() =>
        AnyAddress.Sample(address => PciAddress.TryParseNodeDeviceName(address.NodeDeviceName, out var read) && read == address);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pci_")]
    [InlineData("pci_0000_01_00")]
    [InlineData("pci_0000_01_00_8")]
    [InlineData("pci_0000_01_20_0")]
    [InlineData("pci_0000_100_00_0")]
    [InlineData("pci_0000_01_00_0_1")]
    [InlineData("usb_0000_01_00_0")]
    [InlineData("net_enp1s0_52_54_00_aa_bb_cc")]
    [InlineData("0000:01:00.0")]
    public void A_name_that_is_not_that_of_a_PCI_function_is_refused(string? name) =>
        Assert.False(PciAddress.TryParseNodeDeviceName(name, out _));
}
