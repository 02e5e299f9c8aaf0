using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

internal static partial class LspciText
{
    private static readonly string[] HyperTransportClocks =
        ["200MHz", "300MHz", "400MHz", "500MHz", "600MHz", "800MHz", "1.0GHz", "1.2GHz", "1.4GHz", "1.6GHz", "[a]", "[b]", "[c]", "[d]", "[e]", "Vend"];

    private static string Standard(PciCapability capability, LspciDumpFunction function) => capability switch
    {
        PowerManagementCapability c => $"""
            Power Management version {c.SpecificationVersion}
            Flags: PMEClk{F(c.NeedsClockForPme)} DSI{F(c.NeedsDeviceSpecificInitialization)} D1{F(c.SupportsD1)} D2{F(c.SupportsD2)} AuxCurrent={c.AuxCurrent}mA
            PME({string.Join(',', Flags(c.PmeStates, ("D0", PowerStates.D0), ("D1", PowerStates.D1), ("D2", PowerStates.D2), ("D3hot", PowerStates.D3Hot), ("D3cold", PowerStates.D3Cold)).Split(' '))})
            Status: D{c.PowerState} NoSoftRst{F(c.NoSoftReset)} PME-Enable{F(c.PmeEnable)} DSel={c.DataSelect} DScale={c.DataScale} PME{F(c.PmeStatus)}
            {(c.BridgeExtensions == 0 ? "" : $"Bridge: PM{F(c.BridgePowerControl)} B3{F(!c.BridgeB2)}")}
            """,
        AgpCapability c => $"""
            AGP version {c.MajorVersion:x}.{c.MinorVersion:x}
            Status: RQ={c.StatusRequests} {Flags(c.Status, ("Iso", AgpFeatures.Isochronous))} ArqSz={c.StatusAsyncRequestSize} Cal={c.StatusCalibration} {Agp(c.Status, "")} Rate={Rates(c.SupportedRates)}
            Command: RQ={c.CommandRequests} ArqSz={c.CommandAsyncRequestSize} Cal={c.CommandCalibration} {Flags(c.Command, ("SBA", AgpFeatures.SidebandAddressing))} AGP{F(c.IsEnabled)}
            {Flags(c.Command, ("GART64", AgpFeatures.Gart64), ("64bit", AgpFeatures.Addresses64Bit), ("FW", AgpFeatures.FastWrites))} Rate={Rates(c.SelectedRates)}
            """,
        VitalProductDataCapability => "Vital Product Data Not readable",
        SlotIdentificationCapability c => $"Slot ID: {c.SlotCount} slots, First{F(c.IsFirstInChassis)}, chassis {c.ChassisNumber:x2}",
        MsiCapability c => $"""
            MSI: Enable{F(c.IsEnabled)} Count={c.VectorsEnabled}/{c.VectorsRequested} Maskable{F(c.IsMaskable)} 64bit{F(c.Is64Bit)}
            Address: {(c.Is64Bit ? $"{c.Address:x16}" : $"{c.Address:x8}")} Data: {c.Data:x4}
            {(c.IsMaskable ? $"Masking: {c.Mask:x8} Pending: {c.Pending:x8}" : "")}
            """,
        PciXCapability c => $"""
            PCI-X non-bridge device
            Command: DPERE{F(c.DataParityErrorRecovery)} ERO{F(c.RelaxedOrdering)} RBC={c.MaximumReadByteCount} OST={c.MaximumSplitTransactions}
            Status: Dev={c.Bus:x2}:{c.Device:x2}.{c.Function} {Flags(c.Status, ("64bit", PciXStatus.Is64Bit), ("133MHz", PciXStatus.Capable133MHz), ("SCD", PciXStatus.SplitCompletionDiscarded), ("USC", PciXStatus.UnexpectedSplitCompletion))}
            DC={(c.Status.HasFlag(PciXStatus.IsComplex) ? "bridge" : "simple")} DMMRBC={c.DesignedReadByteCount} DMOST={c.DesignedSplitTransactions} DMCRS={c.DesignedCumulativeReadSize}
            {Flags(c.Status, ("RSCEM", PciXStatus.SplitCompletionError), ("266MHz", PciXStatus.Capable266MHz), ("533MHz", PciXStatus.Capable533MHz))}
            """,
        PciXBridgeCapability c => $"""
            PCI-X bridge device
            Secondary Status: {Bits((int)c.SecondaryStatus, "64bit", "133MHz", "SCD", "USC", "SCO", "SRD")} Freq={Table(c.SecondaryClock, "conv", "66MHz", "100MHz", "133MHz", "?4", "?5", "?6", "?7")}
            Status: Dev={c.Bus:x2}:{c.Device:x2}.{c.Function} {Bits((int)((uint)c.Status >> 16), "64bit", "133MHz", "SCD", "USC", "SCO", "SRD")}
            Upstream: Capacity={c.UpstreamCapacity} CommitmentLimit={c.UpstreamCommitmentLimit}
            Downstream: Capacity={c.DownstreamCapacity} CommitmentLimit={c.DownstreamCommitmentLimit}
            """,
        HyperTransportCapability c => HyperTransport(c),
        VendorSpecificCapability c => $"Vendor Specific Information: Len={c.Length:x2} <?>",
        VirtioCapability c => Virtio(c),
        DebugPortCapability c => $"Debug port: BAR={c.Bar} offset={c.PortOffset:x4}",
        SubsystemCapability c => Subsystem(c, function),
        MsiXCapability c => $"""
            MSI-X: Enable{F(c.IsEnabled)} Count={c.TableSize} Masked{F(c.IsFunctionMasked)}
            Vector table: BAR={c.TableBar} offset={c.TableOffset:x8}
            PBA: BAR={c.PendingBar} offset={c.PendingOffset:x8}
            """,
        SataCapability c => $"SATA HBA v{c.MajorVersion}.{c.MinorVersion} {(c.Bar is { } bar ? $"BAR{bar} Offset={c.RegisterOffset:x8}" : c.IsInConfigurationSpace ? "InCfgSpace" : "BAR??")}",
        AdvancedFeaturesCapability c => $"""
            PCI Advanced Features
            AFCap: TP{F(c.TransactionsPendingCapable)} FLR{F(c.FunctionLevelResetCapable)}
            AFCtrl: FLR{F(c.InitiateFunctionLevelReset)}
            AFStatus: TP{F(c.TransactionsPending)}
            """,
        EnhancedAllocationCapability c => EnhancedAllocation(c),
        _ => capability.Name,
    };

    private static string Subsystem(SubsystemCapability c, LspciDumpFunction function)
    {
        var header = function.Configuration.Header!;
        return $"Subsystem: {Card(header, c.SubsystemVendorId, c.SubsystemDeviceId, PciIdDatabase.Load())}";
    }

    private static string Agp(AgpFeatures features, string _) => Flags(features,
        ("SBA", AgpFeatures.SidebandAddressing), ("ITACoh", AgpFeatures.Coherent), ("GART64", AgpFeatures.Gart64), ("HTrans", AgpFeatures.HostTranslation),
        ("64bit", AgpFeatures.Addresses64Bit), ("FW", AgpFeatures.FastWrites), ("AGP3", AgpFeatures.Agp3));

    private static string Rates(ValueList<int> rates) => rates.Count == 0 ? "<none>" : string.Join(',', rates.Select(rate => $"x{rate}"));

    private static string Virtio(VirtioCapability c)
    {
        var isShared = c.Structure == VirtioStructure.SharedMemory;
        var name = c.Structure switch
        {
            VirtioStructure.CommonConfiguration => "CommonCfg",
            VirtioStructure.Notify => "Notify",
            VirtioStructure.InterruptStatus => "ISR",
            VirtioStructure.DeviceConfiguration => "DeviceCfg",
            VirtioStructure.SharedMemory => "SharedMemory",
            _ => "<unknown>",
        };
        return $"Vendor Specific Information: VirtIO: {name} BAR={c.Bar} "
            + (isShared ? $"offset={c.StructureOffset:x16} size={c.StructureLength:x16} id={c.StructureId}" : $"offset={c.StructureOffset:x8} size={c.StructureLength:x8}")
            + (c.NotifyMultiplier is { } multiplier ? $" multiplier={multiplier:x8}" : "");
    }

    private static string EnhancedAllocation(EnhancedAllocationCapability c)
    {
        var text = $"Enhanced Allocation (EA): NumEntries={c.EntryCount}{(c.IsBridge ? $", secondary={c.FixedSecondaryBus}, subordinate={c.FixedSubordinateBus}" : "")}";
        foreach (var (index, entry) in c.Entries.Index())
        {
            var equivalent = entry.BarEquivalent switch
            {
                <= 5 => $"BAR {entry.BarEquivalent}",
                6 => "resource behind function",
                7 => "not indicated",
                8 => "expansion ROM",
                <= 14 => $"VF-BAR {entry.BarEquivalent - 9}",
                _ => "reserved",
            };
            text += $"""

                Entry {index}: Enable{F(entry.IsEnabled)} Writable{F(entry.IsWritable)} EntrySize={entry.Size}
                BAR Equivalent Indicator: {equivalent}
                PrimaryProperties: {Property(entry.PrimaryProperties, "entry unavailable for use")}
                SecondaryProperties: {Property(entry.SecondaryProperties, "entry unavailable for use, PrimaryProperties should be used")}
                Base: {(entry.Base > uint.MaxValue ? $"{entry.Base >> 32:x}" : "")}{(entry.Base ?? 0) & uint.MaxValue:x8}
                MaxOffset: {(entry.MaximumOffset > uint.MaxValue ? $"{entry.MaximumOffset >> 32:x}" : "")}{(entry.MaximumOffset ?? 0) & uint.MaxValue:x8}
                """;
        }

        return text;
    }

    private static string Property(byte property, string unavailable) => property switch
    {
        0x00 => "memory space, non-prefetchable",
        0x01 => "memory space, prefetchable",
        0x02 => "I/O space",
        0x03 => "VF memory space, prefetchable",
        0x04 => "VF memory space, non-prefetchable",
        0x05 => "allocation behind bridge, non-prefetchable memory",
        0x06 => "allocation behind bridge, prefetchable memory",
        0x07 => "allocation behind bridge, I/O space",
        0xfd => "memory space resource unavailable for use",
        0xfe => "I/O space resource unavailable for use",
        0xff => unavailable,
        _ => $"[{property:x2}]",
    };

    private static string HyperTransport(HyperTransportCapability c) => "HyperTransport: " + c.Kind switch
    {
        HyperTransportKind.Primary => "Slave or Primary Interface" + (c.Primary is { } primary ? Primary(primary) : ""),
        HyperTransportKind.Secondary => "Host or Secondary Interface" + (c.Secondary is { } secondary ? Secondary(secondary) : ""),
        HyperTransportKind.Switch => "Switch",
        HyperTransportKind.InterruptDiscovery => "Interrupt Discovery and Configuration",
        HyperTransportKind.RevisionId => "Revision ID: " + Revision(c.RevisionId!.Value),
        HyperTransportKind.UnitIdClumping => "UnitID Clumping",
        HyperTransportKind.ExtendedConfigurationAccess => "Extended Configuration Space Access",
        HyperTransportKind.AddressMapping => "Address Mapping",
        HyperTransportKind.MsiMapping => $"MSI Mapping Enable{F(c.MsiMappingEnabled!.Value)} Fixed{F(c.MsiMappingFixed!.Value)} {(c.MsiMappingAddress is { } address ? $"Mapping Address Base: {address:x16}" : "")}",
        HyperTransportKind.DirectRoute => "DirectRoute",
        HyperTransportKind.VirtualChannelSet => "VCSet",
        HyperTransportKind.RetryMode => "Retry Mode",
        HyperTransportKind.X86 => "X86 (reserved)",
        var other => $"#{(int)other:x2}",
    };

    private static string Primary(HyperTransportPrimary p)
    {
        var isNew = p.RevisionId >= 0x22;
        return $"""
             Command: BaseUnitID={p.BaseUnitId} UnitCnt={p.UnitCount} MastHost{F(p.MasterHost)} DefDir{F(p.DefaultDirection)} {(isNew ? $"DUL{F(p.DropOnUninitializedLink)}" : "")}
            {string.Join('\n', p.Links.Select((link, index) => Link(link, $" {index}", isNew)))}
            Revision ID: {Revision(p.RevisionId)}
            {(!isNew ? "" : $"{Clock(p.Links[0], " 0")} Feature Capability: {Features(p.Features)} {Clock(p.Links[1], " 1")} Error Handling: {Errors(p.ErrorHandling)} Prefetchable memory behind bridge Upper: {p.MemoryBaseUpper:x2}-{p.MemoryLimitUpper:x2} Bus Number: {p.BusNumber:x2}")}
            """;
    }

    private static string Secondary(HyperTransportSecondary s)
    {
        var isNew = s.RevisionId >= 0x22;
        return $"""
             Command: WarmRst{F(s.WarmReset)} DblEnd{F(s.DoubleEnded)} {(isNew ? $"DevNum={s.DeviceNumber} ChainSide{F(s.ChainSide)} HostHide{F(s.HostHide)} Slave{F(s.ActAsSlave)} <EOCErr{F(s.EndOfChainError)} DUL{F(s.DropOnUninitializedLink)}" : "")}
            {Link(s.Link, "", isNew)}
            Revision ID: {Revision(s.RevisionId)}
            {(!isNew ? "" : $"{Clock(s.Link, "")} Feature Capability: {Features(s.Features)} {Bits((int)s.Features >> 8, "ExtRS", "UCnfE")}")}
            {(isNew && s.Features.HasFlag(HyperTransportFeatures.ExtendedRegisterSet) ? $"Error Handling: {Errors(s.ErrorHandling)} Prefetchable memory behind bridge Upper: {s.MemoryBaseUpper:x2}-{s.MemoryLimitUpper:x2}" : "")}
            """;
    }

    private static string Revision(byte id) => $"{id >> 5}.{id & 0x1f:00}";

    private static string Width(int width) => width switch
    {
        0 => "N/C",
        -1 => "[reserved]",
        _ => $"{width}bit",
    };

    private static string Link(HyperTransportLink link, string number, bool isNew) => $"""
        Link Control{number}: {Bits((int)link.Control >> 1, "CFlE", "CST", "CFE", "<LkFail", "Init", "EOC", "TXO")} <CRCErr={link.CrcErrors:x} {(isNew ? Bits((int)link.Control >> 12, "IsocEn", "LSEn", "ExtCTL", "64b") : "")}
        Link Config{number}: MLWI={Width(link.MaximumWidthIn)} {(isNew ? $"DwFcIn{F(link.DoublewordFlowControlIn)}" : "")} MLWO={Width(link.MaximumWidthOut)} {(isNew ? $"DwFcOut{F(link.DoublewordFlowControlOut)}" : "")}
        LWI={Width(link.WidthIn)} {(isNew ? $"DwFcInEn{F(link.DoublewordFlowControlInEnable)}" : "")} LWO={Width(link.WidthOut)} {(isNew ? $"DwFcOutEn{F(link.DoublewordFlowControlOutEnable)}" : "")}
        """;

    private static string Clock(HyperTransportLink link, string number) => $"""
        Link Frequency{number}: {HyperTransportClocks[link.Frequency]} Link Error{number}: <Prot{F(link.ProtocolError)} <Ovfl{F(link.OverflowError)} <EOC{F(link.EndOfChainError)} CTLTm{F(link.ControlTimeout)}
        Link Frequency Capability{number}: {Bits(link.Frequencies, HyperTransportClocks.AsSpan(0, 10))} Vend{F((link.Frequencies & 0x8000) != 0)}
        """;

    private static string Features(HyperTransportFeatures features) => Bits((int)features, "IsocFC", "LDTSTOP", "CRCTM", "ECTLT", "64bA", "UIDRD");

    private static string Errors(HyperTransportErrorHandling errors) => Bits((int)errors,
        "PFlE", "OFlE", "PFE", "OFE", "EOCFE", "RFE", "CRCFE", "SERRFE", "CF", "RE", "PNFE", "ONFE", "EOCNFE", "RNFE", "CRCNFE", "SERRNFE");
}
