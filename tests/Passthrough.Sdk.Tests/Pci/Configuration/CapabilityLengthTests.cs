using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>A capability is decoded if the bytes reach to the end of its fixed registers, and is named as cut off if they are one byte too short.</summary>
public sealed class CapabilityLengthTests
{
    private const int Standard = 0x40;
    private const int Extended = 0x100;

    // The lengths are those of the registers in the specifications (PCI 3.0, PCI Express 6.0), as include/uapi/linux/pci_regs.h of Linux has them.
    public static TheoryData<byte, Type, int> StandardCapabilities => new()
    {
        { 0x01, typeof(PowerManagementCapability), 8 },
        { 0x02, typeof(AgpCapability), 12 },
        { 0x03, typeof(VitalProductDataCapability), 8 },
        { 0x04, typeof(SlotIdentificationCapability), 4 },
        { 0x05, typeof(MsiCapability), 10 },
        { 0x07, typeof(PciXCapability), 8 },
        { 0x08, typeof(HyperTransportCapability), 4 },
        { 0x0a, typeof(DebugPortCapability), 4 },
        { 0x0d, typeof(SubsystemCapability), 8 },
        { 0x11, typeof(MsiXCapability), 12 },
        { 0x12, typeof(SataCapability), 8 },
        { 0x13, typeof(AdvancedFeaturesCapability), 6 },
        { 0x14, typeof(EnhancedAllocationCapability), 4 },
        { 0x15, typeof(FlatteningPortalBridgeCapability), 8 },
    };

    public static TheoryData<ushort, Type, int> ExtendedCapabilities => new()
    {
        { 0x01, typeof(AdvancedErrorReportingCapability), 44 },
        { 0x02, typeof(VirtualChannelCapability), 28 },
        { 0x03, typeof(DeviceSerialNumberCapability), 12 },
        { 0x04, typeof(PowerBudgetingCapability), 16 },
        { 0x05, typeof(RootComplexLinkCapability), 8 },
        { 0x06, typeof(RootComplexInternalLinkCapability), 12 },
        { 0x07, typeof(RootComplexEventCollectorCapability), 8 },
        { 0x08, typeof(VirtualChannelCapability), 28 },
        { 0x09, typeof(VirtualChannelCapability), 28 },
        { 0x0a, typeof(RootComplexRegisterBlockCapability), 16 },
        { 0x0b, typeof(ExtendedVendorSpecificCapability), 8 },
        { 0x0d, typeof(AccessControlServicesCapability), 8 },
        { 0x0e, typeof(AlternativeRoutingIdCapability), 8 },
        { 0x0f, typeof(AddressTranslationCapability), 8 },
        { 0x10, typeof(SingleRootIovCapability), 64 },
        { 0x12, typeof(MulticastCapability), 48 },
        { 0x13, typeof(PageRequestCapability), 16 },
        { 0x15, typeof(ResizableBarCapability), 12 },
        { 0x16, typeof(DynamicPowerAllocationCapability), 16 },
        { 0x17, typeof(TransactionProcessingHintsCapability), 12 },
        { 0x18, typeof(LatencyToleranceReportingCapability), 8 },
        { 0x19, typeof(SecondaryPciExpressCapability), 16 },
        { 0x1b, typeof(ProcessAddressSpaceIdCapability), 8 },
        { 0x1c, typeof(LnRequesterCapability), 8 },
        { 0x1d, typeof(DownstreamPortContainmentCapability), 12 },
        { 0x1e, typeof(L1SubstatesCapability), 16 },
        { 0x1f, typeof(PrecisionTimeMeasurementCapability), 12 },
        { 0x21, typeof(FrsQueueingCapability), 16 },
        { 0x22, typeof(ReadinessTimeReportingCapability), 12 },
        { 0x23, typeof(DesignatedVendorSpecificCapability), 12 },
        { 0x24, typeof(ResizableBarCapability), 12 },
        { 0x25, typeof(DataLinkFeatureCapability), 12 },
        { 0x26, typeof(PhysicalLayer16Capability), 28 },
        { 0x27, typeof(LaneMarginingCapability), 8 },
        { 0x29, typeof(EnclosureManagementCapability), 16 },
        { 0x2a, typeof(PhysicalLayer32Capability), 32 },
        { 0x2e, typeof(DataObjectExchangeCapability), 24 },
        { 0x2f, typeof(Device3Capability), 16 },
        { 0x30, typeof(IntegrityAndEncryptionCapability), 12 },
        { 0x31, typeof(PhysicalLayer64Capability), 16 },
        { 0x32, typeof(FlitLoggingCapability), 60 },
        { 0x34, typeof(FlitErrorInjectionCapability), 36 },
        { 0x36, typeof(RegisterBlockLocatorCapability), 8 },
    };

    [Theory]
    [MemberData(nameof(StandardCapabilities))]
    public void A_standard_capability_ends_with_its_registers(byte id, Type type, int length)
    {
        Assert.Equal(type, Single(Space(Standard + length, id)).GetType());
        if (length > 4) // with less there is no header, and so no capability
        {
            IsCutOff(Space(Standard + length - 1, id), Standard);
        }
    }

    [Theory]
    [MemberData(nameof(ExtendedCapabilities))]
    public void An_extended_capability_ends_with_its_registers(ushort id, Type type, int length)
    {
        Assert.Equal(type, Single(ExtendedSpace(Extended + length, id), Extended).GetType());
        IsCutOff(ExtendedSpace(Extended + length - 1, id), Extended);
    }

    // Bit 7 of the control word: the address has 64 bits, and the data comes four bytes later.
    [Theory]
    [InlineData(0x00, 10)]
    [InlineData(0x80, 14)]
    public void MSI_with_a_wide_address_is_longer(byte control, int length)
    {
        Assert.IsType<MsiCapability>(Single(Space(Standard + length, 0x05, control)));
        IsCutOff(Space(Standard + length - 1, 0x05, control), Standard);
    }

    [Fact]
    public void PCI_X_of_a_bridge_is_longer()
    {
        Assert.IsType<PciXBridgeCapability>(Single(Space(Standard + 16, 0x07, headerType: 1)));
        IsCutOff(Space(Standard + 15, 0x07, headerType: 1), Standard);
    }

    [Theory]
    [InlineData(0x0fff, false)]
    [InlineData(0x1000, true)]
    [InlineData(0x107f, true)]
    [InlineData(0x1080, false)]
    public void A_vendors_own_capability_is_that_of_virtio_for_the_ids_of_virtio(int device, bool isVirtio)
    {
        var bytes = Space(256, 0x09, 16);
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (0xf4, 0x1a, (byte)(device & 0xff), (byte)(device >> 8));
        Assert.Equal(isVirtio ? typeof(VirtioCapability) : typeof(VendorSpecificCapability), Single(bytes).GetType());
    }

    [Theory]
    [InlineData(15, 256)] // it says that it is too short for virtio's registers
    [InlineData(16, Standard + 15)]
    public void Without_the_registers_of_virtio_it_is_the_vendors(byte length, int bytes)
    {
        var space = Space(bytes, 0x09, length);
        (space[0], space[1], space[2], space[3]) = (0xf4, 0x1a, 0x41, 0x10);
        Assert.IsType<VendorSpecificCapability>(Single(space));
    }

    [Fact]
    public void What_is_not_decoded_is_not_cut_off()
    {
        var standard = Assert.IsType<RawCapability>(Single(Space(256, 0x7e, 0x34, 0x12)));
        Assert.Equal((false, 0x1234), (standard.IsTruncated, standard.Flags));

        var extended = Assert.IsType<RawCapability>(Single(ExtendedSpace(4096, 0x7e), Extended));
        Assert.Equal((false, null), (extended.IsTruncated, extended.Flags));
    }

    private static PciCapability Single(byte[] bytes, int offset = Standard)
    {
        var space = PciConfigurationSpace.Parse(bytes);
        Assert.DoesNotContain(space.Problems, problem => problem.Offset == offset);
        return Assert.Single(space.Capabilities, capability => capability.Offset == offset);
    }

    private static void IsCutOff(byte[] bytes, int offset)
    {
        var space = PciConfigurationSpace.Parse(bytes);
        Assert.True(Assert.IsType<RawCapability>(Assert.Single(space.Capabilities, capability => capability.Offset == offset)).IsTruncated);
        Assert.Contains(space.Problems, problem => problem.Kind == PciConfigurationProblemKind.Truncated && problem.Offset == offset);
    }

    private static byte[] Space(int length, byte id, byte low = 0, byte high = 0, byte headerType = 0)
    {
        var bytes = new byte[Math.Max(length, Standard + 4)];
        (bytes[0], bytes[1], bytes[0x06], bytes[0x0e], bytes[0x34]) = (0x86, 0x80, 0x10, headerType, Standard);
        (bytes[Standard], bytes[Standard + 2], bytes[Standard + 3]) = (id, low, high);
        return bytes[..length];
    }

    private static byte[] ExtendedSpace(int length, ushort id)
    {
        var bytes = new byte[length];
        (bytes[0], bytes[1], bytes[0x06], bytes[0x34]) = (0x86, 0x80, 0x10, Standard);
        bytes[Standard] = 0x10; // PCI Express: without it there are none
        (bytes[Extended], bytes[Extended + 1], bytes[Extended + 2]) = ((byte)(id & 0xff), (byte)(id >> 8), 1);
        return bytes;
    }
}
