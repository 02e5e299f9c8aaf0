using System.Buffers.Binary;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>Windows of bridges, BARs of virtual functions and rates of AGP, whose registers say themselves how they are read.</summary>
public sealed class HeaderWindowTests
{
    // Type 1 of I/O has 16 more bits, at 0x30 and 0x32, which mean nothing with type 0.
    [Theory]
    [InlineData(0x10, 0x20, 0x1000u, 0x2fffu, 16)]
    [InlineData(0x11, 0x21, 0x0003_1000u, 0x0004_2fffu, 32)]
    public void An_IO_window_has_the_bits_of_its_type(byte first, byte last, uint low, uint high, int width) =>
        Assert.Equal(new BridgeWindow(low, high, width), Bridge((0x1c, first), (0x1d, last), (0x30, 0x03), (0x32, 0x04)).IoWindow);

    [Theory]
    [InlineData(0x10, 0x21)]
    [InlineData(0x11, 0x20)]
    [InlineData(0x12, 0x22)]
    public void Registers_of_different_or_unknown_types_give_no_IO_window(byte first, byte last) =>
        Assert.Null(Bridge((0x1c, first), (0x1d, last)).IoWindow);

    // Only prefetchable memory has 32 more bits, at 0x28 and 0x2c.
    [Theory]
    [InlineData(0x00, 0x00, 0xfe00_0000u, 0xfe1f_ffffu)]
    [InlineData(0x01, 0x01, null, null)]
    [InlineData(0x00, 0x01, null, null)]
    [InlineData(0x01, 0x00, null, null)]
    public void A_memory_window_has_32_bits(byte first, byte last, uint? low, uint? high) =>
        Assert.Equal(
            low is { } from && high is { } to ? new BridgeWindow(from, to, 32) : null,
            Bridge((0x20, first), (0x21, 0xfe), (0x22, (byte)(0x10 | last)), (0x23, 0xfe), (0x28, 2), (0x2c, 3)).MemoryWindow);

    [Theory]
    [InlineData(0x00, 0x00, 0xfe00_0000ul, 0xfe1f_fffful, 32)]
    [InlineData(0x01, 0x01, 0x2_fe00_0000ul, 0x3_fe1f_fffful, 64)]
    [InlineData(0x02, 0x02, null, null, 0)]
    [InlineData(0x01, 0x00, null, null, 0)]
    public void A_prefetchable_window_has_the_bits_of_its_type(byte first, byte last, ulong? low, ulong? high, int width) =>
        Assert.Equal(
            low is { } from && high is { } to ? new BridgeWindow(from, to, width) : null,
            Bridge((0x24, first), (0x25, 0xfe), (0x26, (byte)(0x10 | last)), (0x27, 0xfe), (0x28, 2), (0x2c, 3)).PrefetchableWindow);

    [Fact]
    public void A_wide_BAR_takes_two_registers_and_the_last_one_cannot_be_wide()
    {
        // Wide and prefetchable, its upper half, absent, plain, absent, and wide in the last register.
        var bars = VirtualFunctions(0xd000_000c, 2, 0, 0xc000_0000, 0, 0xb000_0004);
        Assert.Equal([new(0, 0x2_d000_0000, 64, true), new(3, 0xc000_0000, 32, false), new(5, 0xb000_0000, 32, false)], bars);
    }

    [Fact]
    public void What_follows_a_plain_BAR_is_not_its_upper_half() =>
        Assert.Equal([new(0, 0xd000_0000, 32, false), new(1, 0xc000_0000, 32, false)], VirtualFunctions(0xd000_0000, 0xc000_0000, 0, 0, 0, 0));

    [Fact]
    public void A_BAR_of_ones_is_none() => Assert.Empty(VirtualFunctions(uint.MaxValue, 0, 0, 0, 0, uint.MaxValue));

    // The rates of AGP 3.0 are 4 and 8, those before 1, 2 and 4; 3.0 says in its status which it has.
    [Theory]
    [InlineData(0x35, 0x0bu, true, new[] { 4, 8 })]
    [InlineData(0x30, 0x0bu, true, new[] { 4, 8 })]
    [InlineData(0x35, 0x03u, false, new[] { 1, 2 })]
    [InlineData(0x20, 0x0bu, false, new[] { 1, 2 })]
    [InlineData(0x20, 0x07u, false, new[] { 1, 2, 4 })]
    [InlineData(0x20, 0x00u, false, new int[0])]
    public void Rates_of_AGP_are_those_of_its_version(byte version, uint status, bool isThree, int[] rates)
    {
        var bytes = new byte[256];
        (bytes[0], bytes[1], bytes[0x06], bytes[0x34]) = (0x86, 0x80, 0x10, 0x40);
        (bytes[0x40], bytes[0x42]) = (0x02, version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x44), status);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x48), 0x01);
        var agp = Assert.IsType<AgpCapability>(Assert.Single(PciConfigurationSpace.Parse(bytes).Capabilities));
        Assert.Equal(isThree, agp.IsAgp3);
        Assert.Equal(rates, agp.SupportedRates);
        Assert.Equal([isThree ? 4 : 1], agp.SelectedRates);
    }

    private static BridgeHeader Bridge(params (int At, byte Value)[] registers)
    {
        var bytes = new byte[64];
        (bytes[0], bytes[1], bytes[0x0e]) = (0x86, 0x80, 1);
        foreach (var (at, value) in registers)
        {
            bytes[at] = value;
        }

        return Assert.IsType<BridgeHeader>(PciConfigurationSpace.Parse(bytes).Header);
    }

    private static ValueList<VirtualFunctionBar> VirtualFunctions(params uint[] registers)
    {
        const int At = 0x100;
        var bytes = new byte[PciConfigurationSpace.ExtendedLength];
        (bytes[0], bytes[1], bytes[0x06], bytes[0x34], bytes[0x40]) = (0x86, 0x80, 0x10, 0x40, 0x10);
        (bytes[At], bytes[At + 2]) = (0x10, 1);
        for (var i = 0; i < registers.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(At + 0x24 + (4 * i)), registers[i]);
        }

        // What follows the registers is no BAR.
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(At + 0x3c), 0xa000_0000);
        return Assert.Single(PciConfigurationSpace.Parse(bytes).Capabilities.OfType<SingleRootIovCapability>()).VfBars;
    }
}
