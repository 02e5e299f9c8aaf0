using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

internal static partial class LspciText
{
    private static readonly string[] Phases = ["Fixed", "WRR32", "WRR64", "WRR128", "TWRR128", "WRR256", "??6", "??7"];

    private static string Extended(PciCapability capability, LspciDumpFunction function) => capability switch
    {
        AdvancedErrorReportingCapability c => Errors(c),
        VirtualChannelCapability { Id: 0x08 } c => c.Name,
        VirtualChannelCapability c => Channels(c),
        DeviceSerialNumberCapability c => $"Device Serial Number {c.SerialNumberText}",
        RootComplexLinkCapability c => $"""
            Root Complex Link
            Desc: PortNumber={c.PortNumber:x2} ComponentID={c.ComponentId:x2} EltType={Table(c.ElementType, "Config", "Egress", "Internal")}
            {string.Join('\n', c.Links.Select(Link))}
            """,
        RootComplexEventCollectorCapability c => $"""
            Root Complex Event Collector Endpoint Association
            RCiEPBitmap: {(c.EndpointBitmap == 0 ? "00000000 [none]" : $"RCiEP at Device(s): {Ranges(c.EndpointBitmap)}")}
            {(c is { FirstBus: { } first, LastBus: { } last } ? $"AssociatedBusNumbers: {first:x2}-{last:x2} {(first == 0xff && last == 0 ? "[none]" : "")}" : "")}
            """,
        ExtendedVendorSpecificCapability c => $"Vendor Specific Information: ID={c.StructureId:x4} Rev={c.Revision} Len={c.Length:x3} <?>",
        AccessControlServicesCapability c => $"Access Control Services ACSCap: {Acs(c.Supported)} ACSCtl: {Acs(c.Enabled)}",
        AlternativeRoutingIdCapability c => $"""
            Alternative Routing-ID Interpretation (ARI)
            ARICap: MFVC{F(c.MulticastGroupsCapable)} ACS{F(c.AccessControlGroupsCapable)}, Next Function: {c.NextFunction}
            ARICtl: MFVC{F(c.MulticastGroupsEnable)} ACS{F(c.AccessControlGroupsEnable)}, Function Group: {c.FunctionGroup}
            """,
        AddressTranslationCapability c => $"""
            Address Translation Service (ATS)
            ATSCap: Invalidate Queue Depth: {c.InvalidateQueueDepth:x2}
            ATSCtl: Enable{F(c.IsEnabled)}, Smallest Translation Unit: {c.SmallestTranslationUnit:x2}
            """,
        SingleRootIovCapability c => Virtualization(c),
        MulticastCapability c => Multicast(c, function),
        PageRequestCapability c => $"""
            Page Request Interface (PRI)
            PRICtl: Enable{F(c.IsEnabled)} Reset{F(c.Reset)}
            PRISta: RF{F(c.ResponseFailure)} UPRGI{F(c.UnexpectedGroupIndex)} Stopped{F(c.IsStopped)} PASID{F(c.PasidRequired)}
            Page Request Capacity: {c.Capacity:x8}, Page Request Allocation: {c.Allocation:x8}
            """,
        ResizableBarCapability c => $"""
            {(c.Id == 0x15 ? "Physical" : "Virtual")} Resizable BAR
            {string.Join('\n', c.Bars.Select(bar => $"BAR {bar.Index}: current size: {Size(bar.CurrentSize)}, {(bar.SupportedSizes.Count == 0 ? "" : $"supported: {string.Join(' ', bar.SupportedSizes.Select(size => Size((ulong?)size)))}")}"))}
            {(c.BarCount is < 1 or > 6 ? $"<error in resizable BAR: num_bars={c.BarCount} is out of specification>" : "")}
            """,
        TransactionProcessingHintsCapability c => $"""
            Transaction Processing Hints
            {(c.InterruptVectorMode ? "Interrupt vector mode supported" : "")}
            {(c.DeviceSpecificMode ? "Device specific mode supported" : "")}
            {(c.ExtendedRequesterSupported ? "Extended requester support" : "")}
            {Table((int)c.TableLocation, "No steering table available", "Steering table in TPH capability structure", "Steering table in MSI-X table", "Reserved steering table location")}
            """,
        LatencyToleranceReportingCapability c => $"Latency Tolerance Reporting Max snoop latency: {c.MaximumSnoopLatency}ns Max no snoop latency: {c.MaximumNoSnoopLatency}ns",
        SecondaryPciExpressCapability c => $"""
            Secondary PCI Express
            LnkCtl3: LnkEquIntrruptEn{F(c.EqualizationInterruptEnable)} PerformEqu{F(c.PerformEqualization)}
            LaneErrStat: {((c.LaneErrors & 0xffff) == 0 ? "0" : $"LaneErr at lane: {string.Join(' ', Enumerable.Range(0, 16).Where(lane => ((c.LaneErrors >> lane) & 1) != 0))}")}
            """,
        ProcessAddressSpaceIdCapability c => $"""
            Process Address Space ID (PASID)
            PASIDCap: Exec{F(c.ExecuteSupported)} Priv{F(c.PrivilegedSupported)}, Max PASID Width: {c.MaximumWidth:x2}
            PASIDCtl: Enable{F(c.IsEnabled)} Exec{F(c.ExecuteEnable)} Priv{F(c.PrivilegedEnable)}
            """,
        DownstreamPortContainmentCapability c => $"""
            Downstream Port Containment
            DpcCap: INT Msg #{c.InterruptMessageNumber}, IntMsgNum {c.InterruptMessageNumber}, RPExt{F(c.RootPortExtensions)} PoisonedTLP{F(c.PoisonedTlpBlockingSupported)} SwTrigger{F(c.SoftwareTriggerSupported)} RP PIO Log {c.RootPortLogSize}, DL_ActiveErr{F(c.DataLinkActiveErrorSupported)}
            DpcCtl: Trigger:{c.TriggerEnable:x} Cmpl{F(c.CompletionControl)} INT{F(c.InterruptEnable)} ErrCor{F(c.CorrectableErrorEnable)} PoisonedTLP{F(c.PoisonedTlpBlockingEnable)} SwTrigger{F(c.SoftwareTrigger)} DL_ActiveErr{F(c.DataLinkActiveErrorEnable)}
            DpcSta: Trigger{F(c.IsTriggered)} Reason:{c.TriggerReason:x2} INT{F(c.InterruptStatus)} RPBusy{F(c.RootPortBusy)} TriggerExt:{c.TriggerReasonExtension:x2} RP PIO ErrPtr:{c.RootPortFirstErrorPointer:x2}
            Source: {c.ErrorSource:x4}
            """,
        L1SubstatesCapability c => Substates(c),
        PrecisionTimeMeasurementCapability c => Time(c),
        DesignatedVendorSpecificCapability c => Dvsec(c),
        PhysicalLayer16Capability c => $"""
            Physical Layer 16.0 GT/s
            Phy16Sta: EquComplete{F(c.EqualizationComplete)} EquPhase1{F(c.EqualizationPhase1)} EquPhase2{F(c.EqualizationPhase2)} EquPhase3{F(c.EqualizationPhase3)} LinkEquRequest{F(c.LinkEqualizationRequest)}
            """,
        LaneMarginingCapability c => $"""
            Lane Margining at the Receiver
            PortCap: Uses Driver{F(c.UsesDriver)}
            PortSta: MargReady{F(c.IsReady)} MargSoftReady{F(c.IsSoftwareReady)}
            """,
        PhysicalLayer32Capability c => Physical32(c),
        PhysicalLayer64Capability c => $"""
            Physical Layer 64.0 GT/s
            Phy64Sta: EquComplete{F(c.EqualizationComplete)} EquPhase1{F(c.EqualizationPhase1)} EquPhase2{F(c.EqualizationPhase2)} EquPhase3{F(c.EqualizationPhase3)} LinkEquRequest{F(c.LinkEqualizationRequest)}
            TxPrecodeOn{F(c.PrecodingOn)} TxPrecodeReq{F(c.PrecodingRequest)} NoEqualizationNeededRecv{F(c.NoEqualizationNeededReceived)}
            """,
        DataObjectExchangeCapability c => $"""
            Data Object Exchange
            DOECap: IntSup{F(c.InterruptSupported)} {(c.InterruptSupported ? $"Interrupt Message Number {c.InterruptMessageNumber:x3} IntMsgNum {c.InterruptMessageNumber}" : "")}
            DOECtl: IntEn{F(c.InterruptEnable)}
            DOESta: Busy{F(c.IsBusy)} IntSta{F(c.InterruptStatus)} Error{F(c.HasError)} ObjectReady{F(c.IsObjectReady)}
            """,
        Device3Capability c => Device3(c),
        IntegrityAndEncryptionCapability c => Encryption(c),
        FlitLoggingCapability c => FlitLog(c),
        FlitErrorInjectionCapability c => FlitInjection(c),
        RegisterBlockLocatorCapability c => "MMIO Register Block Locator " + string.Join(' ', c.Blocks.Select((block, index) =>
            $"Locator{index}: BIR: BAR{block.Bar}, ID: {(block.Id == 0 ? "Empty" : block.Id == 1 ? "MCAP" : block.Id == 0xff ? "MDVS" : $"Reserved ({block.Id})")}, offset: {block.Offset:x16}")),
        _ => capability.Name,
    };

    private static string Errors(AdvancedErrorReportingCapability c) => $"""
        Advanced Error Reporting
        UESta: {Uncorrectable(c.UncorrectableStatus)}
        UEMsk: {Uncorrectable(c.UncorrectableMask)}
        UESvrt: {Uncorrectable(c.UncorrectableSeverity)}
        CESta: {Correctable(c.CorrectableStatus)}
        CEMsk: {Correctable(c.CorrectableMask)}
        AERCap: First Error Pointer: {c.FirstErrorPointer:x2}, ECRCGenCap{F(c.EcrcGenerationCapable)} ECRCGenEn{F(c.EcrcGenerationEnable)} ECRCChkCap{F(c.EcrcCheckCapable)} ECRCChkEn{F(c.EcrcCheckEnable)}
        MultHdrRecCap{F(c.MultipleHeaderCapable)} MultHdrRecEn{F(c.MultipleHeaderEnable)} TLPPfxPres{F(c.TlpPrefixLogPresent)} HdrLogCap{F(c.CompletionTimeoutLogCapable)}
        HeaderLog: {string.Join(' ', c.HeaderLog.Select(word => $"{word:x8}"))}
        {(c.Root is not { } r ? "" : $"""
        RootCmd: CERptEn{F(r.CorrectableEnable)} NFERptEn{F(r.NonFatalEnable)} FERptEn{F(r.FatalEnable)}
        RootSta: CERcvd{F(r.CorrectableReceived)} MultCERcvd{F(r.MultipleCorrectableReceived)} UERcvd{F(r.UncorrectableReceived)} MultUERcvd{F(r.MultipleUncorrectableReceived)}
        FirstFatal{F(r.FirstUncorrectableFatal)} NonFatalMsg{F(r.NonFatalReceived)} FatalMsg{F(r.FatalReceived)} IntMsg {r.InterruptMessageNumber} IntMsgNum {r.InterruptMessageNumber}
        ErrorSrc: ERR_COR: {r.CorrectableSource:x4} ERR_FATAL/NONFATAL: {r.UncorrectableSource:x4}
        """)}
        """;

    private static string Uncorrectable(UncorrectableErrors errors) => Flags(errors,
        ("DLP", UncorrectableErrors.DataLinkProtocol), ("SDES", UncorrectableErrors.SurpriseDown), ("TLP", UncorrectableErrors.PoisonedTlp), ("FCP", UncorrectableErrors.FlowControlProtocol),
        ("CmpltTO", UncorrectableErrors.CompletionTimeout), ("CmpltAbrt", UncorrectableErrors.CompleterAbort), ("UnxCmplt", UncorrectableErrors.UnexpectedCompletion),
        ("RxOF", UncorrectableErrors.ReceiverOverflow), ("MalfTLP", UncorrectableErrors.MalformedTlp), ("ECRC", UncorrectableErrors.EcrcError), ("UnsupReq", UncorrectableErrors.UnsupportedRequest),
        ("ACSViol", UncorrectableErrors.AcsViolation), ("UncorrIntErr", UncorrectableErrors.UncorrectableInternal), ("BlockedTLP", UncorrectableErrors.MulticastBlockedTlp),
        ("AtomicOpBlocked", UncorrectableErrors.AtomicOpEgressBlocked), ("TLPBlockedErr", UncorrectableErrors.TlpPrefixBlocked), ("PoisonTLPBlocked", UncorrectableErrors.PoisonedTlpEgressBlocked),
        ("DMWrReqBlocked", UncorrectableErrors.DmwrEgressBlocked), ("IDECheck", UncorrectableErrors.IdeCheckFailed), ("MisIDETLP", UncorrectableErrors.MisroutedIdeTlp),
        ("PCRC_CHECK", UncorrectableErrors.PcrcCheckFailed), ("TLPXlatBlocked", UncorrectableErrors.TlpTranslationEgressBlocked));

    private static string Correctable(CorrectableErrors errors) => Flags(errors,
        ("RxErr", CorrectableErrors.ReceiverError), ("BadTLP", CorrectableErrors.BadTlp), ("BadDLLP", CorrectableErrors.BadDllp), ("Rollover", CorrectableErrors.ReplayNumberRollover),
        ("Timeout", CorrectableErrors.ReplayTimerTimeout), ("AdvNonFatalErr", CorrectableErrors.AdvisoryNonFatal), ("CorrIntErr", CorrectableErrors.CorrectedInternal), ("HeaderOF", CorrectableErrors.HeaderLogOverflow));

    private static string Acs(AccessControls controls) => Bits((int)controls, "SrcValid", "TransBlk", "ReqRedir", "CmpltRedir", "UpstreamFwd", "EgressCtrl", "DirectTrans");

    private static string Channels(VirtualChannelCapability c) => $"""
        Virtual Channel
        Caps: LPEVC={c.LowPriorityExtendedChannelCount} RefClk={Table(c.ReferenceClock, "100ns")} PATEntryBits={c.ArbitrationTableEntryBits}
        Arb: {Bits(c.ArbitrationSupported, "Fixed", "WRR32", "WRR64", "WRR128", "??4", "??5", "??6", "??7")}
        Ctrl: ArbSelect={Table(c.ArbitrationSelect, "Fixed", "WRR32", "WRR64", "WRR128", "??4", "??5", "??6", "??7")}
        Status: InProgress{F(c.ArbitrationTableInProgress)}
        {(c.ArbitrationTableOffset == 0 ? "" : $"Port Arbitration Table [{c.Offset + c.ArbitrationTableOffset:x}] <?>")}
        {string.Join('\n', c.Channels.Select((channel, index) => $"""
        VC{index}: Caps: PATOffset={channel.ArbitrationTableOffset:x2} MaxTimeSlots={channel.MaximumTimeSlots} RejSnoopTrans{F(channel.RejectSnoop)}
        Arb: {Bits(channel.ArbitrationSupported, Phases)}
        Ctrl: Enable{F(channel.IsEnabled)} ID={channel.Id} ArbSelect={Table(channel.ArbitrationSelect, Phases)} TC/VC={channel.TrafficClasses:x2}
        Status: NegoPending{F(channel.NegotiationPending)} InProgress{F(channel.ArbitrationTableInProgress)}
        {(channel.ArbitrationTableOffset == 0 ? "" : "Port Arbitration Table <?>")}
        """))}
        {string.Join(' ', Enumerable.Range(c.Channels.Count, c.ExtendedChannelCount + 1 - c.Channels.Count).Select(index => $"VC{index}: <unreadable>"))}
        """;

    private static string Link(RootComplexLink link, int index)
    {
        var bits = (int)(link.Address & 7) is > 0 and var some ? some : 8;
        var place = $"{(link.Address >> 20) & ((1ul << bits) - 1):x2}:{(link.Address >> 15) & 0x1f:x2}.{(link.Address >> 12) & 7}";
        return $"""
            Link{index}: Desc: TargetPort={link.TargetPortNumber:x2} TargetComponent={link.TargetComponentId:x2} AssocRCRB{F(link.HasRegisterBlock)} LinkType={(link.IsConfiguration ? "Config" : "MemMapped")} LinkValid{F(link.IsValid)}
            Addr: {(link.IsConfiguration ? $"{place} CfgSpace=" : "")}{link.Address:x16}
            """;
    }

    // "1, 3-5": the last run is not closed where it reaches device 31, as lspci does not close it either.
    private static string Ranges(uint bitmap)
    {
        var runs = new List<string>();
        for (var device = 0; device < 32; device++)
        {
            var start = device;
            for (; device < 32 && ((bitmap >> device) & 1) != 0; device++)
            {
            }

            if (device > start)
            {
                runs.Add(device - start > 1 && device < 32 ? $"{start}-{device - 1}" : $"{start}");
            }
        }

        return string.Join(", ", runs);
    }

    private static string Virtualization(SingleRootIovCapability c) => $"""
        Single Root I/O Virtualization (SR-IOV)
        IOVCap: Migration{F(c.MigrationCapable)} 10BitTagReq{F(c.Tag10RequesterSupported)} Interrupt Message Number: {c.InterruptMessageNumber:x3} IntMsgNum {c.InterruptMessageNumber}
        IOVCtl: Enable{F(c.IsEnabled)} Migration{F(c.MigrationEnable)} Interrupt{F(c.MigrationInterruptEnable)} MSE{F(c.MemorySpaceEnable)} ARIHierarchy{F(c.AriCapableHierarchy)} 10BitTagReq{F(c.Tag10RequesterEnable)}
        IOVSta: Migration{F(c.MigrationStatus)}
        Initial VFs: {c.InitialFunctions}, Total VFs: {c.TotalFunctions}, Number of VFs: {c.FunctionCount}, Function Dependency Link: {c.FunctionDependencyLink:x2}
        VF offset: {c.FirstOffset}, stride: {c.Stride}, Device ID: {c.VirtualDeviceId:x4}
        Supported Page Size: {c.SupportedPageSizes:x8}, System Page Size: {c.SystemPageSize:x8}
        {string.Join('\n', c.VfBars.Select(bar => $"Region {bar.Index}: Memory at {(bar.Width == 64 ? $"{bar.Address:x16}" : $"{bar.Address:x8}")} ({bar.Width}-bit, {(bar.IsPrefetchable ? "" : "non-")}prefetchable)"))}
        VF Migration: offset: {c.MigrationStateOffset:x8}, BIR: {c.MigrationStateBar:x}
        """;

    private static string Multicast(MulticastCapability c, LspciDumpFunction function)
    {
        var isEndpoint = function.Configuration.Find<PciExpressCapability>()?.PortType is PciExpressPortType.Endpoint or PciExpressPortType.RootComplexIntegratedEndpoint;
        return $"""
            Multicast
            McastCap: MaxGroups {c.MaximumGroups}, {(isEndpoint ? $"WindowSz {c.WindowSizeRequested} ({1 << (c.WindowSizeRequested & 31)} bytes)" : $"ECRCRegen{F(c.EcrcRegenerationSupported)}")}
            McastCtl: NumGroups {c.GroupCount}, Enable{F(c.IsEnabled)}
            McastBAR: IndexPos {c.IndexPosition}, BaseAddr {c.BaseAddress:x16}
            McastReceiveVec: {c.Receive:x16}
            McastBlockAllVec: {c.BlockAll:x16}
            McastBlockUntransVec: {c.BlockUntranslated:x16}
            McastOverlayBAR: OverlaySize {c.OverlaySize} {(c.OverlaySize >= 6 ? $"({1 << (c.OverlaySize & 31)} bytes)" : "(disabled)")}, BaseAddr {c.OverlayAddress:x16}
            """;
    }

    private static string Size(ulong? size)
    {
        if (size is not { } bytes)
        {
            return "<unknown>";
        }

        var (value, unit) = (bytes >> 20, 0);
        for (; value >= 1024; unit++)
        {
            value >>= 10;
        }

        return $"{value}{"MGTPE"[unit]}B";
    }

    private static string Substates(L1SubstatesCapability c)
    {
        var hasL12 = c.PciPmL12Supported || c.AspmL12Supported;
        return $"""
            L1 PM Substates
            L1SubCap: PCI-PM_L1.2{F(c.PciPmL12Supported)} PCI-PM_L1.1{F(c.PciPmL11Supported)} ASPM_L1.2{F(c.AspmL12Supported)} ASPM_L1.1{F(c.AspmL11Supported)} L1_PM_Substates{F(c.IsSupported)}
            {(hasL12 ? $"PortCommonModeRestoreTime={c.CommonModeRestoreTime}us PortTPowerOnTime={(c.PowerOnTime is { } on ? $"{on}us" : "<error>")}" : "")}
            L1SubCtl1: PCI-PM_L1.2{F(c.PciPmL12Enable)} PCI-PM_L1.1{F(c.PciPmL11Enable)} ASPM_L1.2{F(c.AspmL12Enable)} ASPM_L1.1{F(c.AspmL11Enable)}
            {(hasL12 ? $"T_CommonMode={c.CommonModeRestoreTimeControl}us" : "")} {(c.AspmL12Supported ? $"LTR1.2_Threshold={(c.LtrThreshold is { } threshold ? $"{threshold}ns" : "<error>")}" : "")}
            L1SubCtl2: {(hasL12 ? $"T_PwrOn={(c.PowerOnTimeControl is { } control ? $"{control}us" : "<error>")}" : "")}
            """;
    }

    private static string Time(PrecisionTimeMeasurementCapability c)
    {
        return $"""
            Precision Time Measurement
            PTMCap: Requester:{F(c.RequesterCapable)} Responder:{F(c.ResponderCapable)} Root:{F(c.RootCapable)} Requester{F(c.RequesterCapable)} Responder{F(c.ResponderCapable)} Root{F(c.RootCapable)}
            PTMClockGranularity: {Granularity(c.ClockGranularity, "Unimplemented")}
            PTMControl: Enabled:{F(c.IsEnabled)} RootSelected:{F(c.RootSelect)} Enabled{F(c.IsEnabled)} RootSelected{F(c.RootSelect)}
            PTMEffectiveGranularity: {Granularity(c.EffectiveGranularity, "Unknown")}
            """;

        static string Granularity(int value, string none) => value switch
        {
            0 => none,
            0xff => "Greater than 254ns",
            _ => $"{value}ns",
        };
    }
}
