using System.Buffers.Binary;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>Fields of capabilities in values that no dump of a machine has.</summary>
public sealed class CapabilityFieldTests
{
    private const int Standard = 0x40;
    private const int Second = 0x80;
    private const int Extended = 0x100;

    [Fact]
    public void The_numbers_of_fixed_buses_are_those_of_a_bridge_only()
    {
        // One entry of the smallest size at +4, or behind the numbers of the buses at +8.
        uint[] words = [0x0001_0014, 0x8000_0712, 0x1000_0002, 0x0000_0fff];
        var device = Read<EnhancedAllocationCapability>(Space(0, words));
        Assert.Equal((false, null, null), (device.IsBridge, device.FixedSecondaryBus, device.FixedSubordinateBus));
        Assert.Equal(new EnhancedAllocationEntry(true, false, 2, 1, 7, 0, 0x1000_0000, 0xfff), Assert.Single(device.Entries));

        var bridge = Read<EnhancedAllocationCapability>(Space(1, [words[0], 0x0000_0905, .. words[1..]]));
        Assert.Equal((true, 5, 9), (bridge.IsBridge, (int?)bridge.FixedSecondaryBus, (int?)bridge.FixedSubordinateBus));
        Assert.Equal(device.Entries, bridge.Entries);
    }

    [Fact]
    public void The_numbers_of_fixed_buses_are_null_when_the_bytes_end_before_them()
    {
        var bytes = Space(1, [0x0001_0014]);
        (bytes[0x34], bytes[0xfc], bytes[0xfd], bytes[0xfe]) = (0xfc, 0x14, 0, 1);
        var bridge = Read<EnhancedAllocationCapability>(bytes.AsSpan(0, 256));
        Assert.Equal((true, 1, null, null), (bridge.IsBridge, bridge.EntryCount, bridge.FixedSecondaryBus, bridge.FixedSubordinateBus));
        Assert.Empty(bridge.Entries);
    }

    [Theory]
    [InlineData(0, 0x20, false, false)]
    [InlineData(1, 0x10, false, false)]
    [InlineData(1, 0x13, false, false)]
    [InlineData(1, 0x14, true, false)]
    [InlineData(1, 0x20, true, false)]
    [InlineData(2, 0x1f, true, false)]
    [InlineData(2, 0x20, true, true)]
    [InlineData(3, 0x24, true, true)]
    public void A_flex_bus_port_has_the_registers_of_its_revision_and_length(int revision, int length, bool hasTraining, bool hasHints)
    {
        var port = Cxl(7, revision, length, [0x0003, 0x0002_0005, 0xff12_3456, 1, 1, 2]).CxlFlexBusPort!;
        Assert.Equal((FlexBusFeatures.Cache | FlexBusFeatures.Io, FlexBusFeatures.Cache | FlexBusFeatures.Memory, FlexBusFeatures.Io), (port.Supported, port.Enabled, port.Status));
        Assert.Equal(hasTraining ? 0x12_3456u : null, port.ReceivedTrainingData);
        Assert.Equal((hasHints ? true : null, hasHints ? true : null, hasHints ? 2 : null), (port.NopHintCapable, port.NopHintEnable, port.NopHintInfo));
    }

    [Theory]
    [InlineData(0, 0x3c, false, false)]
    [InlineData(1, 0x37, false, false)]
    [InlineData(1, 0x38, true, false)]
    [InlineData(1, 0x3c, true, false)]
    [InlineData(2, 0x3b, true, false)]
    [InlineData(2, 0x3c, true, true)]
    [InlineData(3, 0x40, true, true)]
    public void A_CXL_device_has_the_registers_of_its_revision_and_length(int revision, int length, bool isDevice, bool hasVolatileStates)
    {
        var capability = Cxl(0, revision, length, [0x4017, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x000a]);
        Assert.Equal(isDevice, capability.CxlDevice is not null);
        if (capability.CxlDevice is { } device)
        {
            Assert.Equal((true, true, true, false, 1, true), (device.CacheCapable, device.IoCapable, device.MemoryCapable, device.MemoryHardwareInit, device.RangeCount, device.ViralCapable));
            bool?[] expected = hasVolatileStates ? [false, true, false, true] : [null, null, null, null];
            Assert.Equal(expected, [device.DefaultVolatileStateAfterColdReset, device.DefaultVolatileStateAfterWarmReset, device.DefaultVolatileStateAfterHotReset, device.VolatileStateConfigurable]);
        }
    }

    [Fact]
    public void A_CXL_structure_is_decoded_by_its_id_when_it_is_long_enough()
    {
        Assert.Equal([1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u], Cxl(2, 0, 0x2c, [0, .. Enumerable.Range(1, 9).Select(value => (uint)value)]).CxlFunctionMap);
        Assert.Null(Cxl(2, 0, 0x2b, []).CxlFunctionMap);
        Assert.Equal(16, Cxl(9, 0, 0x10, [16]).CxlLogicalDevices);
        Assert.Null(Cxl(9, 0, 0x0f, [16]).CxlLogicalDevices);
        Assert.Null(Cxl(6, 0, 0x10, [16]).CxlLogicalDevices);
        Assert.NotNull(Cxl(3, 0, 0x28, []).CxlPort);
        Assert.NotNull(Cxl(3, 0, 0x2c, []).CxlPort);
        Assert.Null(Cxl(3, 0, 0x27, []).CxlPort);
    }

    [Theory]
    [InlineData(0x14, 1)]
    [InlineData(0x1b, 1)]
    [InlineData(0x1c, 2)]
    [InlineData(0x24, 3)]
    public void There_are_as_many_register_blocks_as_the_structure_has_room_for(int length, int count)
    {
        uint[] words = [0, 0x0001_0102, 0, 0x0002_0203, 1, 0x0003_0304, 0, 0x0004_0405, 0];
        MemoryRegisterBlock[] blocks = [new(2, 1, 0x1_0000), new(3, 2, 0x1_0002_0000), new(4, 3, 0x3_0000)];
        Assert.Equal(blocks[..count], Cxl(8, 0, length, words).CxlRegisterBlocks);
        Assert.Null(Cxl(8, 0, length, words, vendor: 0x8086).CxlRegisterBlocks);
    }

    [Fact]
    public void The_content_of_a_structure_ends_with_it_or_with_the_bytes()
    {
        Assert.Equal(0x24, Cxl(8, 0, 0x24, []).Content.Length);
        Assert.Equal([0x23, 0x00, 0x01, 0x00], Cxl(8, 0, 0x24, []).Content[..4].ToArray());
        Assert.Equal(0xf00, Cxl(8, 0, 0xfff, []).Content.Length);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    [InlineData(10, true)]
    public void Only_root_ports_and_event_collectors_have_the_registers_of_error_sources(int portType, bool expected)
    {
        var bytes = Space(0, [0x10u | ((uint)portType << 20)]);
        Write(bytes, Extended, [0x0001_0001, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5, 0xf800_0041, 0x0800_0100]);
        var root = Read<AdvancedErrorReportingCapability>(bytes).Root;
        Assert.Equal(expected, root is not null);
        if (root is not null)
        {
            Assert.Equal((true, false, true), (root.CorrectableEnable, root.NonFatalEnable, root.FatalEnable));
            Assert.Equal((true, false, true, 31), (root.CorrectableReceived, root.NonFatalReceived, root.FatalReceived, root.InterruptMessageNumber));
            Assert.Equal((0x0100, 0x0800), (root.CorrectableSource, root.UncorrectableSource));
        }
    }

    [Theory]
    [InlineData(0, 62)]
    [InlineData(1, 310)]
    [InlineData(2, 3100)]
    [InlineData(3, null)]
    public void The_unit_of_the_time_for_powering_on_is_2_10_or_100_microseconds(uint unit, int? expected)
    {
        var bytes = Space(0, [0x10]);
        Write(bytes, Extended, [0x0001_001e, (unit << 16) | (31u << 19), 0, unit | (31u << 3)]);
        var capability = Read<L1SubstatesCapability>(bytes);
        Assert.Equal((expected, expected), (capability.PowerOnTime, capability.PowerOnTimeControl));
    }

    [Fact]
    public void Times_of_readiness_have_a_value_and_a_power_of_32()
    {
        var bytes = Space(0, [0x10]);
        Write(bytes, Extended, [0x0001_0022, 0x8000_0000 | Time(3, 2) | (Time(1, 0) << 12), Time(511, 5) | (Time(7, 1) << 12)]);
        var capability = Read<ReadinessTimeReportingCapability>(bytes);
        Assert.True(capability.IsValid);
        Assert.Equal((3072ul, 1ul), (capability.ResetTime, capability.DataLinkUpTime));
        Assert.Equal((511ul << 25, 224ul), (capability.FunctionLevelResetTime, capability.D3HotToD0Time));

        static uint Time(uint value, uint power) => value | (power << 9);
    }

    [Fact]
    public void Every_field_of_an_encrypted_stream_has_its_bits()
    {
        var control = new IdeStreamControl(0x5a_8a_7e_39);
        Assert.Equal((true, false), (control.IsEnabled, control.ExtendedTeeEnable));
        Assert.Equal((4, 8, 1), (control.NonPostedAggregation, control.PostedAggregation, control.CompletionAggregation));
        Assert.Equal((false, true, 15, 9, 1), (control.PlaintextChecksumEnable, control.ConfigurationEnable, control.HeaderEncryption, control.Algorithm, control.TrafficClass));
        Assert.Equal((false, true, 0x5a), (control.IsDefault, control.IsTeeLimited, control.StreamId));
        var other = new IdeStreamControl(0xc6 | (1 << 22) | (1 << 8));
        Assert.Equal((2, 1, 8), (other.NonPostedAggregation, other.PostedAggregation, other.CompletionAggregation));
        Assert.Equal((false, true, true, true, false), (other.IsEnabled, other.ExtendedTeeEnable, other.PlaintextChecksumEnable, other.IsDefault, other.IsTeeLimited));
        Assert.Equal(2, new IdeStreamControl(1 << 4).PostedAggregation);
    }

    [Fact]
    public void A_HyperTransport_link_separates_flags_errors_and_widths()
    {
        // Control 0x9f21: a reserved bit, errors of all four lanes, two flags; the configuration has every reserved width.
        var link = Read<HyperTransportCapability>(Space(0, [0x2000_0008, 0x6262_9f21, 0x0000_b500, 0x0000_8035])).Secondary!.Link;
        Assert.Equal(HyperTransportLinkControl.InitializationComplete | HyperTransportLinkControl.Addressing64BitEnable | HyperTransportLinkControl.IsochronousFlowControlEnable, link.Control);
        Assert.Equal(15, link.CrcErrors);
        Assert.Equal((-1, -1, -1, -1), (link.MaximumWidthIn, link.MaximumWidthOut, link.WidthIn, link.WidthOut));
        Assert.Equal((5, true, true, false, true), (link.Frequency, link.ProtocolError, link.OverflowError, link.EndOfChainError, link.ControlTimeout));
    }

    [Fact]
    public void A_capability_is_named_with_its_offset_and_id()
    {
        var bytes = Space(0, [0x8010]);
        Write(bytes, Second, [0x0009]);
        Write(bytes, Extended, [0x2002_001e, 0, 0, 0]);
        Write(bytes, 0x200, [0x0001_0fff]);
        Assert.Equal(
            ["[40] 0x10 PCI Express", "[80] 0x09 Vendor Specific Information", "[100 v2] 0x001e L1 PM Substates", "[200 v1] 0x0fff unknown"],
            PciConfigurationSpace.Parse(bytes).Capabilities.Select(capability => capability.ToString()));
    }

    private static T Read<T>(ReadOnlySpan<byte> bytes)
        where T : PciCapability => Assert.Single(PciConfigurationSpace.Parse(bytes).Capabilities.OfType<T>());

    private static DesignatedVendorSpecificCapability Cxl(int id, int revision, int length, uint[] words, ushort vendor = DesignatedVendorSpecificCapability.CxlVendorId)
    {
        var bytes = Space(0, [0x10]);
        Write(bytes, Extended, [0x0001_0023, vendor | ((uint)revision << 16) | ((uint)length << 20), (uint)id | (words.Length > 0 ? words[0] << 16 : 0), .. words.Skip(1)]);
        return Read<DesignatedVendorSpecificCapability>(bytes);
    }

    /// <summary>A space of 4096 bytes with one capability at 0x40.</summary>
    private static byte[] Space(byte headerType, uint[] capability)
    {
        var bytes = new byte[PciConfigurationSpace.ExtendedLength];
        (bytes[0], bytes[1], bytes[0x06], bytes[0x0e], bytes[0x34]) = (0x86, 0x80, 0x10, headerType, Standard);
        Write(bytes, Standard, capability);
        return bytes;
    }

    private static void Write(byte[] bytes, int at, uint[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + (4 * i)), words[i]);
        }
    }
}
