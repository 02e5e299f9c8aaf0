using System.Buffers.Binary;
using Passthrough.Sdk.Pci.Configuration;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>Headers that no specification foresees, read as the kernel and lspci read them.</summary>
public sealed class OddHeaderTests
{
    [Fact]
    public void A_header_of_an_unknown_type_has_no_capabilities_since_nobody_knows_where_they_begin()
    {
        var bytes = Space(headerType: 0x7f);
        (bytes[0x06], bytes[0x34], bytes[0x40]) = (0x10, 0x40, 0x01);

        var space = PciConfigurationSpace.Parse(bytes);

        Assert.IsType<UnknownHeader>(space.Header);
        Assert.Equal(0, space.Header.CapabilitiesPointer);
        Assert.Empty(space.Capabilities);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void The_last_register_cannot_be_one_half_of_two(byte headerType, int last)
    {
        var bytes = Space(headerType);
        (bytes[0x10 + (4 * last)], bytes[0x13 + (4 * last)]) = (0x04, 0xfe);

        var bar = Assert.Single(PciConfigurationSpace.Parse(bytes).Header!.Bars);

        Assert.Equal((last, 64, false), (bar.Index, bar.Width, bar.IsAssigned));
    }

    [Theory]
    [InlineData(1, 0UL)]
    [InlineData(0, null)]
    public void A_function_that_answers_at_its_ports_answers_at_port_0(byte command, ulong? address)
    {
        var bytes = Space(headerType: 0);
        (bytes[0x04], bytes[0x10]) = (command, 0x01);

        var bar = Assert.Single(PciBar.FromHeader(PciConfigurationSpace.Parse(bytes).Header!));

        Assert.Equal((PciBarType.Io, address), (bar.Type, bar.Address));
    }

    [Fact]
    public void Windows_of_a_CardBus_bridge_have_ports_of_16_or_32_bits()
    {
        var bytes = Space(headerType: 2);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x1c), 0xf000_0000);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x20), 0xf000_1000);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x2c), 0xabcd_1001);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x30), 0xabcd_10fd);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x34), 0xabcd_2000);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x38), 0xabcd_20fc);

        var header = Assert.IsType<CardBusHeader>(PciConfigurationSpace.Parse(bytes).Header);

        Assert.Equal([new(0xf000_0000, 0xf000_1fff, 32), new(0, 0xfff, 32)], header.MemoryWindows);
        Assert.Equal([new(0xabcd_1000, 0xabcd_10ff, 32), new(0x2000, 0x20ff, 16)], header.IoWindows);
    }

    [Fact]
    public void Ports_are_not_prefetchable_and_memory_is_when_it_says_so()
    {
        var bytes = Space(headerType: 0);
        (bytes[0x10], bytes[0x11], bytes[0x14], bytes[0x17], bytes[0x18], bytes[0x1b]) = (0x09, 0x10, 0x08, 0xf0, 0x02, 0xe0);

        Assert.Equal(
            [new(0, true, 0x1008, 32, false), new(1, false, 0xf000_0000, 32, true), new(2, false, 0xe000_0000, 20, false)],
            PciConfigurationSpace.Parse(bytes).Header!.Bars);
    }

    private static byte[] Space(byte headerType)
    {
        var bytes = new byte[256];
        (bytes[0], bytes[1], bytes[0x0e]) = (0x86, 0x80, headerType);
        return bytes;
    }
}
