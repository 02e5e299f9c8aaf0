namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Creates the type that belongs to a capability id.</summary>
internal static class CapabilityDecoder
{
    private const ushort RedHat = 0x1af4;

    public static PciCapability Decode(in CapabilityHeader header, List<PciConfigurationProblem> problems)
    {
        var capability = header.IsExtended ? Extended(header) : Standard(header);
        if (capability is null)
        {
            var offset = header.Registers.Offset;
            problems.Add(new(PciConfigurationProblemKind.Truncated, offset, $"The capability at {offset:x2} is partly beyond the bytes that were read."));
        }

        return capability ?? new RawCapability(header, isTruncated: true);
    }

    private static PciCapability? Standard(in CapabilityHeader header) => header.Id switch
    {
        0x01 => Has(header, PowerManagementCapability.MinimumLength) ? new PowerManagementCapability(header) : null,
        0x02 => Has(header, AgpCapability.MinimumLength) ? new AgpCapability(header) : null,
        0x03 => Has(header, VitalProductDataCapability.MinimumLength) ? new VitalProductDataCapability(header) : null,
        0x04 => new SlotIdentificationCapability(header),
        0x05 => Msi(header),
        0x07 => PciX(header),
        0x08 => new HyperTransportCapability(header),
        0x09 => VendorSpecific(header),
        0x0a => new DebugPortCapability(header),
        0x0d => Has(header, SubsystemCapability.MinimumLength) ? new SubsystemCapability(header) : null,
        0x10 => new PciExpressCapability(header),
        0x11 => Has(header, MsiXCapability.MinimumLength) ? new MsiXCapability(header) : null,
        0x12 => Has(header, SataCapability.MinimumLength) ? new SataCapability(header) : null,
        0x13 => Has(header, AdvancedFeaturesCapability.MinimumLength) ? new AdvancedFeaturesCapability(header) : null,
        0x14 => new EnhancedAllocationCapability(header),
        0x15 => Has(header, FlatteningPortalBridgeCapability.MinimumLength) ? new FlatteningPortalBridgeCapability(header) : null,
        _ => new RawCapability(header, isTruncated: false),
    };

    private static PciCapability? Extended(in CapabilityHeader header) => header.Id switch
    {
        0x01 => Has(header, AdvancedErrorReportingCapability.MinimumLength) ? new AdvancedErrorReportingCapability(header) : null,
        0x02 or 0x08 or 0x09 => Has(header, VirtualChannelCapability.MinimumLength) ? new VirtualChannelCapability(header) : null,
        0x03 => Has(header, DeviceSerialNumberCapability.MinimumLength) ? new DeviceSerialNumberCapability(header) : null,
        0x04 => Has(header, PowerBudgetingCapability.MinimumLength) ? new PowerBudgetingCapability(header) : null,
        0x05 => Has(header, RootComplexLinkCapability.MinimumLength) ? new RootComplexLinkCapability(header) : null,
        0x06 => Has(header, RootComplexInternalLinkCapability.MinimumLength) ? new RootComplexInternalLinkCapability(header) : null,
        0x07 => Has(header, RootComplexEventCollectorCapability.MinimumLength) ? new RootComplexEventCollectorCapability(header) : null,
        0x0a => Has(header, RootComplexRegisterBlockCapability.MinimumLength) ? new RootComplexRegisterBlockCapability(header) : null,
        0x0b => Has(header, ExtendedVendorSpecificCapability.MinimumLength) ? new ExtendedVendorSpecificCapability(header) : null,
        0x0d => Has(header, AccessControlServicesCapability.MinimumLength) ? new AccessControlServicesCapability(header) : null,
        0x0e => Has(header, AlternativeRoutingIdCapability.MinimumLength) ? new AlternativeRoutingIdCapability(header) : null,
        0x0f => Has(header, AddressTranslationCapability.MinimumLength) ? new AddressTranslationCapability(header) : null,
        0x10 => Has(header, SingleRootIovCapability.MinimumLength) ? new SingleRootIovCapability(header) : null,
        0x12 => Has(header, MulticastCapability.MinimumLength) ? new MulticastCapability(header) : null,
        0x13 => Has(header, PageRequestCapability.MinimumLength) ? new PageRequestCapability(header) : null,
        0x15 or 0x24 => Has(header, ResizableBarCapability.MinimumLength) ? new ResizableBarCapability(header) : null,
        0x16 => Has(header, DynamicPowerAllocationCapability.MinimumLength) ? new DynamicPowerAllocationCapability(header) : null,
        0x17 => Has(header, TransactionProcessingHintsCapability.MinimumLength) ? new TransactionProcessingHintsCapability(header) : null,
        0x18 => Has(header, LatencyToleranceReportingCapability.MinimumLength) ? new LatencyToleranceReportingCapability(header) : null,
        0x19 => Has(header, SecondaryPciExpressCapability.MinimumLength) ? new SecondaryPciExpressCapability(header) : null,
        0x1b => Has(header, ProcessAddressSpaceIdCapability.MinimumLength) ? new ProcessAddressSpaceIdCapability(header) : null,
        0x1c => Has(header, LnRequesterCapability.MinimumLength) ? new LnRequesterCapability(header) : null,
        0x1d => Has(header, DownstreamPortContainmentCapability.MinimumLength) ? new DownstreamPortContainmentCapability(header) : null,
        0x1e => Has(header, L1SubstatesCapability.MinimumLength) ? new L1SubstatesCapability(header) : null,
        0x1f => Has(header, PrecisionTimeMeasurementCapability.MinimumLength) ? new PrecisionTimeMeasurementCapability(header) : null,
        0x21 => Has(header, FrsQueueingCapability.MinimumLength) ? new FrsQueueingCapability(header) : null,
        0x22 => Has(header, ReadinessTimeReportingCapability.MinimumLength) ? new ReadinessTimeReportingCapability(header) : null,
        0x23 => Has(header, DesignatedVendorSpecificCapability.MinimumLength) ? new DesignatedVendorSpecificCapability(header) : null,
        0x25 => Has(header, DataLinkFeatureCapability.MinimumLength) ? new DataLinkFeatureCapability(header) : null,
        0x26 => Has(header, PhysicalLayer16Capability.MinimumLength) ? new PhysicalLayer16Capability(header) : null,
        0x27 => Has(header, LaneMarginingCapability.MinimumLength) ? new LaneMarginingCapability(header) : null,
        0x29 => Has(header, EnclosureManagementCapability.MinimumLength) ? new EnclosureManagementCapability(header) : null,
        0x2a => Has(header, PhysicalLayer32Capability.MinimumLength) ? new PhysicalLayer32Capability(header) : null,
        0x2e => Has(header, DataObjectExchangeCapability.MinimumLength) ? new DataObjectExchangeCapability(header) : null,
        0x2f => Has(header, Device3Capability.MinimumLength) ? new Device3Capability(header) : null,
        0x30 => Has(header, IntegrityAndEncryptionCapability.MinimumLength) ? new IntegrityAndEncryptionCapability(header) : null,
        0x31 => Has(header, PhysicalLayer64Capability.MinimumLength) ? new PhysicalLayer64Capability(header) : null,
        0x32 => Has(header, FlitLoggingCapability.MinimumLength) ? new FlitLoggingCapability(header) : null,
        0x34 => Has(header, FlitErrorInjectionCapability.MinimumLength) ? new FlitErrorInjectionCapability(header) : null,
        0x36 => Has(header, RegisterBlockLocatorCapability.MinimumLength) ? new RegisterBlockLocatorCapability(header) : null,
        _ => new RawCapability(header, isTruncated: false),
    };

    private static MsiCapability? Msi(in CapabilityHeader header)
    {
        // An address of 64 bits moves what follows it.
        var length = PciRegisters.Bit(header.Registers.Word(2), 7) ? MsiCapability.MinimumLength + 4 : MsiCapability.MinimumLength;
        return Has(header, length) ? new MsiCapability(header) : null;
    }

    private static PciCapability? PciX(in CapabilityHeader header) => header.Function is BridgeHeader
        ? Has(header, PciXBridgeCapability.MinimumLength) ? new PciXBridgeCapability(header) : null
        : Has(header, PciXCapability.MinimumLength) ? new PciXCapability(header) : null;

    private static PciCapability VendorSpecific(in CapabilityHeader header)
    {
        var isVirtio = header.Function is { VendorId: RedHat, DeviceId: >= 0x1000 and <= 0x107f }
            && header.Registers.Byte(2) >= VirtioCapability.MinimumLength
            && Has(header, header.Registers.Byte(2));
        return isVirtio ? new VirtioCapability(header) : new VendorSpecificCapability(header);
    }

    private static bool Has(in CapabilityHeader header, int length) => header.Registers.Has(0, length);
}
