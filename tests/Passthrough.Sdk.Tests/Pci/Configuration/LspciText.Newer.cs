using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>The capabilities of PCI Express 5.0 and newer, and of CXL.</summary>
internal static partial class LspciText
{
    private static readonly string[] L0pExit =
        ["Less than 1us", "1us to less than 2us", "2us to less than 4us", "4us to less than 8us", "8us to less than 16us", "16us to less than 32us", "32us-64us", "More than 64us"];

    private static string Physical32(PhysicalLayer32Capability c) => $"""
        Physical Layer 32.0 GT/s
        Phy32Cap: EqualizationBypass{F(c.EqualizationBypassSupported)} NoEqualizationNeeded{F(c.NoEqualizationNeededSupported)} {Bits(c.ModifiedTrainingSetModes, "ModTsMode0", "ModTsMode1", "ModTsMode2")}
        Phy32Ctl: EqualizationBypassDis{F(c.EqualizationBypassDisable)} NoEqualizationNeededDis{F(c.NoEqualizationNeededDisable)}
        Modified TS Usage Mode: {Table(c.ModifiedTrainingSetMode, "PCI Express", "Training Set Messages", "Alternate Protocol Negotiation")}
        Phy32Sta: EquComplete{F(c.EqualizationComplete)} EquPhase1{F(c.EqualizationPhase1)} EquPhase2{F(c.EqualizationPhase2)} EquPhase3{F(c.EqualizationPhase3)} LinkEquRequest{F(c.LinkEqualizationRequest)}
        Received Enhanced Link Behavior Control: {Table(c.ReceivedLinkBehavior, "Full Equalization required", "Equalization bypass to highest rate support", "No Equalization Needed", "Modified TS1/TS2 Ordered Sets supported")}
        ModTsRecv{F(c.ModifiedTrainingSetReceived)} TxPrecodeOn{F(c.PrecodingOn)} TxPrecodeReq{F(c.PrecodingRequest)} NoEqualizationNeededRecv{F(c.NoEqualizationNeededReceived)}
        """;

    private static string LinkWidth(int code) => code switch
    {
        <= 4 => $"x{1 << code}",
        7 => "Dynamic",
        _ => $"Unknown ({code})",
    };

    private static string Device3(Device3Capability c) => $"""
        Device 3
        DevCap3: DMWr Request Routing{F(c.DmwrRoutingSupported)}, 14-Bit Tag Completer{F(c.Tag14CompleterSupported)}, 14-Bit Tag Requester{F(c.Tag14RequesterSupported)} L0p{F(c.L0pSupported)}
        {(c.L0pSupported ? $"Port L0p Exit Latency: {L0pExit[c.PortL0pExitLatency]}, Retimer L0p Exit Latency: {L0pExit[c.RetimerL0pExitLatency]}" : "")}
        UIO Mem RdWr Completer{F(c.UioCompleterSupported)}, UIO Mem RdWr Requester{F(c.UioRequesterSupported)}
        DevCtl3: DMWr Requester{F(c.DmwrRequesterEnable)}, DMWr Egress Blocking{F(c.DmwrEgressBlocking)}, 14-Bit Tag Requester{F(c.Tag14RequesterEnable)} L0p{F(c.L0pEnable)}, Target Link Width: {LinkWidth(c.TargetLinkWidth)}
        UIO Mem RdWr Requester{F(c.UioRequesterEnable)}, UIO Request 256B Boundary{F(!c.UioBoundary256Disable)}
        DevSta3: Initial Link Width: {LinkWidth(c.InitialLinkWidth)}, Segment Captured{F(c.SegmentCaptured)}, Remote L0p{F(c.RemoteL0pSupported)}
        """;

    private static string Encryption(IntegrityAndEncryptionCapability c)
    {
        var text = $"""
            Integrity & Data Encryption Extended Capability ID 0x30
            IDECap: Lnk={c.LinkStreamCount} Sel={c.SelectiveStreamCount}
            {Flags(c.Supported, ("FlowThru", IdeFeatures.FlowThrough), ("PartHdr", IdeFeatures.PartialHeaderEncryption), ("Aggr", IdeFeatures.Aggregation), ("PCPC", IdeFeatures.PlaintextChecksum),
                ("IDE_KM", IdeFeatures.KeyManagement), ("SelCfg", IdeFeatures.SelectiveConfiguration))} Alg='{Algorithm(c.Algorithms)}' TCs={c.TrafficClasses} TeeLim{F(c.Supported.HasFlag(IdeFeatures.TeeLimited))} XT{F(c.Supported.HasFlag(IdeFeatures.ExtendedTee))}
            IDECtl: FTEn{F(c.FlowThroughEnable)}
            """;
        foreach (var (index, link) in c.LinkStreams.Index())
        {
            // lspci shows the enable bit twice, the second time as PCRC.
            text += $"""

                LinkIDE#{index} Ctl: {Stream(link.Control)} PCRC{F(link.Control.PlaintextChecksumEnable)} HdrEnc={HeaderEncryption(link.Control)} Alg='{Algorithm(link.Control.Algorithm)}' TC{link.Control.TrafficClass} ID{link.Control.StreamId}
                LinkIDE#{index} Sta: Status={State(link.State)} RecvChkFail{F(link.IntegrityFailed)}
                """;
        }

        foreach (var (index, stream) in c.SelectiveStreams.Index())
        {
            text += $"""

                SelectiveIDE#{index} Cap: RID#={stream.AddressBlockCount}
                SelectiveIDE#{index} Ctl: {Stream(stream.Control)} PCRC{F(stream.Control.PlaintextChecksumEnable)} CFG{F(stream.Control.ConfigurationEnable)} HdrEnc={HeaderEncryption(stream.Control)} Alg='{Algorithm(stream.Control.Algorithm)}'
                TC{stream.Control.TrafficClass} TeeLim{F(stream.Control.IsTeeLimited)} ID{stream.Control.StreamId} {(stream.Control.IsDefault ? "Default" : "")}
                SelectiveIDE#{index} Sta: {State(stream.State)} RecvChkFail{F(stream.IntegrityFailed)}
                SelectiveIDE#{index} RID: Valid{F(stream.IsRequesterRangeValid)} Base={stream.RequesterBase:x} Limit={stream.RequesterLimit:x} SegBase={stream.SegmentBase:x}
                {string.Join('\n', stream.AddressBlocks.Select((block, number) => $"SelectiveIDE#{index} RID#{number}: Valid{F(block.IsValid)} Base={block.Base:x} Limit={block.Limit:x}"))}
                """;
        }

        return text;

        static string Algorithm(int code) => code == 0 ? "AES-GCM-256-96b" : "reserved";
        static string State(int state) => Table(state, "insecure", "reserved", "secure");
        static string HeaderEncryption(IdeStreamControl control) => Table(control.HeaderEncryption, "no", "17:2", "25:2", "33:2", "41:2");
        static string Aggregation(int packets) => packets == 1 ? "-" : $"={packets}";
        static string Stream(IdeStreamControl control) =>
            $"En{F(control.IsEnabled)} XT{F(control.ExtendedTeeEnable)} NPR{Aggregation(control.NonPostedAggregation)} PR{Aggregation(control.PostedAggregation)} CPL{Aggregation(control.CompletionAggregation)}";
    }

    private static string FlitLog(FlitLoggingCapability c) => $"""
        Flit Logging
        Log1: Valid{F(c.IsValid)}, Link Width: {LinkWidth(c.LinkWidth)} More entries{F(c.MoreEntries)} Unrecognized flit{F(c.UnrecognizedFlit)} FEC uncorrectable{F(c.Uncorrectable)}
        SyndParityGrp0: {c.SyndromeParity[0]:x2}, SyndCheckGrp0: {c.SyndromeCheck[0]:x2}
        Log2: SyndParityGrp1: {c.SyndromeParity[1]:x2}, SyndCheckGrp1: {c.SyndromeCheck[1]:x2} SyndParityGrp2: {c.SyndromeParity[2]:x2}, SyndCheckGrp2: {c.SyndromeCheck[2]:x2}
        CntCtl: Flit Error Counter En{F(c.CounterEnable)} Flit Error Counter Interrupt En{F(c.CounterInterruptEnable)} Events to count: {c.CounterEvents}, Trigger Event on Error Count: {c.CounterTrigger:x2}
        CntSts: Link Width when Error Counter Started {LinkWidth(c.CounterLinkWidth)} Interrupt Generated based on Trigger Event Count{F(c.CounterInterrupt)}, FlitErr: {c.ErrorCount}
        MeasCtl: En{F(c.MeasurementEnable)} Granularity: {Table(c.MeasurementGranularity, "all", "even", "odd", "mismatch")}
        MeasSts1: Flit Counter: {c.FlitCount} MeasSts2: Invalid Flit Counter: {c.InvalidFlitCount}
        {string.Join('\n', c.LaneErrors.Select((errors, lane) => $"{(lane % 2 == 0 ? $"MeasSts{3 + (lane / 2)}:" : "")} Lane{lane}: {errors}"))}
        """;

    private static string FlitInjection(FlitErrorInjectionCapability c)
    {
        string[] kinds = ["TS0", "TS1", "TS2", "SKP", "EIEOS", "EIOS", "SDS", "Polling", "Configuration", "L0", "non-EQ recovery", "Eq01", "Eq2", "Eq3"];
        return $"""
            Flit Error Injection
            FlitEiCtl1: En{F(c.IsEnabled)} Tx{F(c.Transmit)} Rx{F(c.Receive)} {Bits(c.Rates, "2.5GT/s", "5.0GT/s", "8.0GT/s", "16.0GT/s", "32.0GT/s", "64.0GT/s")}
            Number of errors: {c.ErrorCount}, Spacing between errors: {c.Spacing}, Flit Type: {Table(c.FlitType, "any", "any non-IDLE", "only payload", "only NOP", "only IDLE", "only payload+seq", "only payload+1seq")}
            FlitEiCtl2: Consecutive: {(c.Consecutive is 0 ? "none" : c.Consecutive is 7 ? "pseudo-random" : c.Consecutive is 4 ? "Unknown (4)" : $"{c.Consecutive}")}, Type: {Table(c.ErrorType, "random", "correctable single group", "correctable three groups", "uncorrectable")}, Offset: {c.FlitOffset}, Magnitude: {c.Magnitude}
            FlitEiSts: Tx: {State(c.TransmitState)}, Rx: {State(c.ReceiveState)}
            FlitEiOsCtl1: En{F(c.OrderedSetsEnabled)} Tx{F(c.OrderedSetsTransmit)} Rx{F(c.OrderedSetsReceive)} {Bits((int)c.OrderedSets, "TS0", "TS1", "TS2", "SKP", "EIEOS", "EIOS", "SDS", "Poll", "Conf", "L0", "NoEq", "Eq01", "Eq2", "Eq3")}
            FlitEiOsCtl2: Bytes: {c.OrderedSetBytes:x4}, Lanes: {c.OrderedSetLanes:x4}
            FlitEiOsTx: {string.Join(", ", kinds.Zip(c.OrderedSetTransmitStates, (kind, state) => $"{kind}: {State(state)}"))}
            FlitEiOsRx: {string.Join(", ", kinds.Zip(c.OrderedSetReceiveStates, (kind, state) => $"{kind}: {State(state)}"))}
            """;

        static string State(FlitInjectionState state) => Table((int)state, "not started", "started", "completed", "error");
    }

    private static string Dvsec(DesignatedVendorSpecificCapability c) =>
        $"Designated Vendor-Specific: Vendor={c.DesignatedVendorId:x4} ID={c.StructureId:x4} Rev={c.Revision} Len={c.Length}{(c.DesignatedVendorId == 0x1e98 ? ": CXL" : "")} {Cxl(c)} <?>";

    private static string Cxl(DesignatedVendorSpecificCapability c) => c switch
    {
        { CxlDevice: { } device } => "PCIe DVSEC for CXL Devices " + Cxl(device),
        { CxlPort: { } p } => $"""
            CXL Extensions DVSEC for Ports
            CXLPortSta: PMComplete{F(p.PowerManagementComplete)}
            CXLPortCtl: UnmaskSBR{F(p.UnmaskSecondaryBusReset)} UnmaskLinkDisable{F(p.UnmaskLinkDisable)} AltMem{F(p.AlternateMemoryEnable)} AltBME{F(p.AlternateBusMasterEnable)} ViralEnable{F(p.ViralEnable)}
            AlternateBus: {p.AlternateBusBase:x2}-{p.AlternateBusLimit:x2} AlternateBus: {p.AlternateMemoryBase:x4}-{p.AlternateMemoryLimit:x4}
            """,
        { CxlFlushPort: { } p } => $"GPF DVSEC for CXL Ports GPF Phase 1 Timeout: {Duration(p.Phase1Timeout)} GPF Phase 2 Timeout: {Duration(p.Phase2Timeout)}",
        { CxlFlushDevice: { } d } => $"GPF DVSEC for CXL Devices GPF Phase 2 Duration: {Duration(d.Phase2Duration)} GPF Phase 2 Power: {d.Phase2Power}mW",
        { CxlFlexBusPort: { } p } => $"""
            PCIe DVSEC for Flex Bus Port
            FBCap: {FlexBus(p.Supported, false)} FBCtl: {FlexBus(p.Enabled, true)} FBSta: {FlexBus(p.Status, true)}
            {(p.ReceivedTrainingData is { } data ? $"FBModTS: Received FB Data: {data:x6}" : "")}
            {(p is { NopHintCapable: { } can, NopHintEnable: { } on, NopHintInfo: { } info } ? $"FBCap2: NOPHint{F(can)} FBCtl2: NOPHint{F(on)} FBSta2: NOPHintInfo: {info:x}" : "")}
            """,
        { CxlRegisterBlocks: { } blocks } => "Register Locator DVSEC " + string.Join('\n', blocks.Index().Where(block => block.Item.Id != 0).Select(block =>
            $"Block{block.Index + 1}: {(block.Item.Id == 0xff ? "" : "")}BIR: bar{block.Item.Bar}, ID: {(block.Item.Id == 0xff ? "vendor-specific" : Table(block.Item.Id, "empty", "component registers", "BAR virtualization", "CXL device registers", "CPMU registers"))}, offset: {block.Item.Offset:x16}")),
        { CxlLogicalDevices: { } count } => $"MLD DVSEC NumLogDevs: {count}",
        { CxlFunctionMap: { } map } => "Non-CXL Function Map DVSEC " + string.Join(' ', map.Select((value, index) => $"FuncMap {index}: {value:x8}")),
        { StructureId: 0 } => "PCIe DVSEC for CXL Devices",
        { StructureId: 0xa } => "PCIe DVSEC for Test Capability",
        _ => $"Unknown ID {c.StructureId:x4}",
    };

    private static string Duration(TimeSpan? duration) => duration is not { } time ? "<?>"
        : time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0}s"
        : time.TotalMilliseconds >= 1 ? $"{time.TotalMilliseconds:0}ms"
        : $"{time.TotalMicroseconds:0}us";

    private static string FlexBus(FlexBusFeatures features, bool isControl) =>
        Bits((int)features, "Cache", "IO", "Mem") + " " + (isControl ? Bits((int)features >> 3, "SynHdrByp", "DrftBuf") : "")
        + " " + Bits((int)features >> 5, "68BFlit", "MltLogDev", "RCD", "Retimer1", "Retimer2") + " " + Bits((int)features >> 13, "256BFlit", "PBRFlit");

    private static string Cxl(CxlDevice d) => $"""
        CXLCap: Cache{F(d.CacheCapable)} IO{F(d.IoCapable)} Mem{F(d.MemoryCapable)} Mem HW Init{F(d.MemoryHardwareInit)} MemHWInit{F(d.MemoryHardwareInit)} HDMCount {d.RangeCount} Viral{F(d.ViralCapable)}
        CXLCtl: Cache{F(d.CacheEnable)} IO{F(d.IoEnable)} Mem{F(d.MemoryEnable)} Cache SF Cov {d.SnoopFilterCoverage} Cache SF Gran {d.SnoopFilterGranularity} CacheSFCov {d.SnoopFilterCoverage} CacheSFGran {d.SnoopFilterGranularity}
        Cache Clean{F(d.CleanEvictionHint)} CacheClean{F(d.CleanEvictionHint)} Viral{F(d.ViralEnable)}
        CXLSta: Viral{F(d.ViralStatus)}
        CXLCtl2: DisableCaching{F(d.DisableCaching)} InitCacheWB&Inval{F(d.InitiateWriteBack)} InitRst{F(d.InitiateReset)} RstMemClrEn{F(d.ResetMemoryClear)} DesiredVolatileHDMStateAfterHotReset{F(d.DesiredVolatileStateAfterHotReset)}
        CXLSta2: ResetComplete{F(d.ResetComplete)} ResetError{F(d.ResetError)} PMComplete{F(d.PowerManagementComplete)}
        CXLCap2: {(d.CacheSizeUnit switch
        {
            0 => "Cache Size Not Reported",
            1 => $"Cache Size: {d.CacheSize << 16:x8}",
            2 => $"Cache Size: {d.CacheSize << 20:x8}",
            _ => $"Cache Size: {d.CacheSize} of unknown unit size ({d.CacheSizeUnit})",
        })}
        {string.Join('\n', d.Ranges.Select((range, index) => $"""
        Range{index + 1}: {range.Base:x16}-{unchecked(range.Base + range.Size - 1):x16} [size=0x{range.Size:x}]
        Valid{F(range.IsValid)} Active{F(range.IsActive)} Type={Table(range.MediaType, "Volatile", "Non-volatile", "CDAT")} Class={Table(range.MemoryClass, "DRAM", "Storage", "CDAT")} interleave={Interleave(range.Interleave)} timeout={range.ActiveTimeout}s
        """))}
        {(d.DefaultVolatileStateAfterColdReset is { } cold ? $"CXLCap3: DefaultVolatile HDM State After: ColdReset{F(cold)} WarmReset{F(d.DefaultVolatileStateAfterWarmReset!.Value)} HotReset{F(d.DefaultVolatileStateAfterHotReset!.Value)} HotResetConfigurability{F(d.VolatileStateConfigurable!.Value)}" : "")}
        """;

    private static int Interleave(int code) => code < 8 ? new[] { 0, 256, 4096, 512, 1024, 2048, 8192, 16384 }[code] : -1;
}
