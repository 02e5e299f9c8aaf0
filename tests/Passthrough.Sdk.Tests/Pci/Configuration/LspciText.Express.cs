using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

internal static partial class LspciText
{
    private static readonly string[] L0s = ["<64ns", "<128ns", "<256ns", "<512ns", "<1us", "<2us", "<4us", "unlimited"];
    private static readonly string[] L1 = ["<1us", "<2us", "<4us", "<8us", "<16us", "<32us", "<64us", "unlimited"];
    private static readonly string[] Deemphasis = ["-6dB", "-3.5dB"];

    private static string Express(PciExpressCapability c, LspciDumpFunction function)
    {
        var kind = c.PortType switch
        {
            PciExpressPortType.Endpoint => "Endpoint",
            PciExpressPortType.LegacyEndpoint => "Legacy Endpoint",
            PciExpressPortType.RootPort => $"Root Port (Slot{F(c.SlotImplemented)})",
            PciExpressPortType.UpstreamPort => "Upstream Port",
            PciExpressPortType.DownstreamPort => $"Downstream Port (Slot{F(c.SlotImplemented)})",
            PciExpressPortType.PciExpressToPciBridge => "PCI-Express to PCI/PCI-X Bridge",
            PciExpressPortType.PciToPciExpressBridge => $"PCI/PCI-X to PCI-Express Bridge (Slot{F(c.SlotImplemented)})",
            PciExpressPortType.RootComplexIntegratedEndpoint => "Root Complex Integrated Endpoint",
            PciExpressPortType.RootComplexEventCollector => "Root Complex Event Collector",
            var other => $"Unknown type {(int)other}",
        };
        return $"""
            Express (v{c.CapabilityVersion}) {kind}, MSI {c.InterruptMessageNumber:x2} IntMsgNum {c.InterruptMessageNumber} {(c.FlitModeSupported ? "FLIT Mode Supported" : "")}
            {(c.Device is { } device ? Device(device, c.PortType) : "")}
            {(c.Link is { } link ? Link(link, c) : "")}
            {(c.Slot is { } slot ? Slot(slot) : "")}
            {(c.Root is { } root ? Root(root) : "")}
            {(c.Device2 is { } device2 ? Device2(device2, c.PortType) : "")}
            {(c.Link2 is { } link2 ? Link2(link2, c, function) : "")}
            """;
    }

    private static bool IsEndpoint(PciExpressPortType type) => type is PciExpressPortType.Endpoint or PciExpressPortType.LegacyEndpoint;

    private static string Errors(PciExpressErrorReporting errors) => Bits((int)errors, "CorrErr", "NonFatalErr", "FatalErr", "UnsupReq");

    private static string Watts(decimal? watts) => watts is { } value ? Invariant($"{value:0.######}W") : ">600W";

    private static string Device(PciExpressDevice d, PciExpressPortType type)
    {
        var isIntegrated = type == PciExpressPortType.RootComplexIntegratedEndpoint;
        return $"""
            DevCap: MaxPayload {d.MaximumPayloadSupported} bytes, PhantFunc {d.PhantomFunctions}, Latency L0s {L0s[d.L0sAcceptableLatency]}, L1 {L1[d.L1AcceptableLatency]}
            ExtTag{F(d.ExtendedTagSupported)} AttnBtn{F(d.AttentionButton)} AttnInd{F(d.AttentionIndicator)} PwrInd{F(d.PowerIndicator)} RBE{F(d.RoleBasedErrorReporting)}
            FLReset{F(d.FunctionLevelResetCapable)} SlotPowerLimit {Watts(d.SlotPowerLimit)} TEE-IO{F(d.TeeIoSupported)}
            DevCtl: {Errors(d.ReportingEnable)} RlxdOrd{F(d.RelaxedOrderingEnable)} ExtTag{F(d.ExtendedTagEnable)} PhantFunc{F(d.PhantomFunctionsEnable)} AuxPwr{F(d.AuxPowerEnable)} NoSnoop{F(d.NoSnoopEnable)}
            {(IsEndpoint(type) || isIntegrated ? "FLReset" : "BrConfRtry")}{F(d.BridgeConfigurationRetryEnable)}
            MaxPayload {d.MaximumPayload} bytes, MaxReadReq {d.MaximumReadRequest} bytes
            DevSta: {Errors(d.Detected)} AuxPwr{F(d.AuxPowerDetected)} TransPend{F(d.TransactionsPending)}
            """;
    }

    private static string Speed(double? speed) => speed is { } value ? Invariant($"{value:0.#}GT/s") : "unknown";

    private static string Link(PciExpressLink l, PciExpressCapability c)
    {
        var (hasL0s, hasL1) = (l.AspmSupported.HasFlag(PciExpressAspm.L0s), l.AspmSupported.HasFlag(PciExpressAspm.L1));
        var latency = (hasL0s, hasL1) switch
        {
            (true, true) => $", Exit Latency L0s {L0s[l.L0sExitLatency]}, L1 {L1[l.L1ExitLatency]}",
            (true, false) => $", Exit Latency L0s {L0s[l.L0sExitLatency]}",
            (false, true) => $", Exit Latency L1 {L1[l.L1ExitLatency]}",
            _ => "",
        };
        return $"""
            LnkCap: Port #{l.PortNumber}, Speed {Speed(l.MaximumSpeed)}, Width x{l.MaximumWidth}, ASPM {Table((int)l.AspmSupported, "not supported", "L0s", "L1", "L0s L1")}{latency}
            ClockPM{F(l.ClockPowerManagement)} Surprise{F(l.SurpriseDownReporting)} LLActRep{F(l.LinkActiveReporting)} BwNot{F(l.BandwidthNotification)} ASPMOptComp{F(l.AspmOptionalityCompliance)}
            LnkCtl: ASPM {Table((int)l.AspmControl, "Disabled", "L0s Enabled", "L1 Enabled", "L0s L1 Enabled")};
            {(c.PortType is PciExpressPortType.RootPort or PciExpressPortType.Endpoint or PciExpressPortType.LegacyEndpoint or PciExpressPortType.PciExpressToPciBridge ? $"RCB {l.ReadCompletionBoundary} bytes," : "")}
            Disabled{F(l.LinkDisable)} LnkDisable{F(l.LinkDisable)} CommClk{F(l.CommonClock)} ExtSynch{F(l.ExtendedSynch)} ClockPM{F(l.ClockPowerManagementEnable)} AutWidDis{F(l.HardwareAutonomousWidthDisable)}
            BWInt{F(l.BandwidthManagementInterruptEnable)} AutBWInt{F(l.AutonomousBandwidthInterruptEnable)} FltModeDis{F(l.FlitModeDisable)}
            LnkSta: Speed {Speed(l.Speed)}, Width x{l.Width}
            TrErr{F(l.TrainingError)} Train{F(l.LinkTraining)} SlotClk{F(l.SlotClock)} DLActive{F(l.DataLinkActive)} BWMgmt{F(l.BandwidthManagement)} ABWMgmt{F(l.AutonomousBandwidth)}
            """;
    }

    private static string Slot(PciExpressSlot s) => $"""
        SltCap: {Flags(s.Features,
            ("AttnBtn", PciExpressSlotFeatures.AttentionButton), ("PwrCtrl", PciExpressSlotFeatures.PowerController), ("MRL", PciExpressSlotFeatures.RetentionLatchSensor),
            ("AttnInd", PciExpressSlotFeatures.AttentionIndicator), ("PwrInd", PciExpressSlotFeatures.PowerIndicator), ("HotPlug", PciExpressSlotFeatures.HotPlugCapable),
            ("Surprise", PciExpressSlotFeatures.HotPlugSurprise))}
        Slot #{s.PhysicalSlotNumber}, PowerLimit {Watts(s.SlotPowerLimit)}; {Flags(s.Features, ("Interlock", PciExpressSlotFeatures.ElectromechanicalInterlock), ("NoCompl", PciExpressSlotFeatures.NoCommandCompleted))}
        SltCtl: Enable: {Flags(s.EventsEnabled,
            ("AttnBtn", PciExpressSlotEvents.AttentionButtonPressed), ("PwrFlt", PciExpressSlotEvents.PowerFault), ("MRL", PciExpressSlotEvents.RetentionLatchChanged),
            ("PresDet", PciExpressSlotEvents.PresenceChanged), ("CmdCplt", PciExpressSlotEvents.CommandCompleted), ("HPIrq", PciExpressSlotEvents.HotPlugInterrupt),
            ("LinkChg", PciExpressSlotEvents.LinkStateChanged))}
        Control: AttnInd {(s.AttentionIndicator)}, PwrInd {s.PowerIndicator}, Power{F(s.IsPowerOff)} Interlock{F(s.InterlockControl)}
        SltSta: Status: {Flags(s.Events, ("AttnBtn", PciExpressSlotEvents.AttentionButtonPressed), ("PowerFlt", PciExpressSlotEvents.PowerFault))} MRL{F(s.IsRetentionLatchOpen)}
        {Flags(s.Events, ("CmdCplt", PciExpressSlotEvents.CommandCompleted))} PresDet{F(s.IsOccupied)} Interlock{F(s.IsInterlockEngaged)}
        Changed: {Flags(s.Events, ("MRL", PciExpressSlotEvents.RetentionLatchChanged), ("PresDet", PciExpressSlotEvents.PresenceChanged), ("LinkState", PciExpressSlotEvents.LinkStateChanged))}
        """;

    private static string Root(PciExpressRoot r) => $"""
        RootCap: CRSVisible{F(r.RetryStatusVisibility)}
        RootCtl: ErrCorrectable{F(r.SystemErrorOnCorrectable)} ErrNon-Fatal{F(r.SystemErrorOnNonFatal)} ErrFatal{F(r.SystemErrorOnFatal)} PMEIntEna{F(r.PmeInterruptEnable)} CRSVisible{F(r.RetryStatusVisibilityEnable)}
        RootSta: PME ReqID {r.PmeRequesterId:x4}, PMEStatus{F(r.PmeStatus)} PMEPending{F(r.PmePending)}
        """;

    private static string Device2(PciExpressDevice2 d, PciExpressPortType type)
    {
        var ranges = d.CompletionTimeoutRanges switch
        {
            0 => "Not Supported",
            1 => "Range A",
            2 => "Range B",
            3 => "Range AB",
            6 => "Range BC",
            7 => "Range ABC",
            14 => "Range BCD",
            15 => "Range ABCD",
            _ => "Unknown",
        };
        var timeout = d.CompletionTimeoutValue switch
        {
            0 => "50us to 50ms",
            1 => "50us to 100us",
            2 => "1ms to 10ms",
            5 => "16ms to 55ms",
            6 => "65ms to 210ms",
            9 => "260ms to 900ms",
            10 => "1s to 3.5s",
            13 => "4s to 13s",
            14 => "17s to 64s",
            _ => "Unknown",
        };
        var obff = Table(d.ObffControl, "Disabled", "Via message A", "Via message B", "Via WAKE#");
        return $"""
            DevCap2: Completion Timeout: {ranges}, TimeoutDis{F(d.CompletionTimeoutDisableSupported)} NROPrPrP{F(d.NoRelaxedOrderingPassing)} LTR{F(d.LtrSupported)}
            10BitTagComp{F(d.Tag10Completer)} 10BitTagReq{F(d.Tag10Requester)} OBFF {Table(d.ObffSupported, "Not Supported", "Via message", "Via WAKE#", "Via message/WAKE#")}, ExtFmt{F(d.ExtendedFormatSupported)} EETLPPrefix{F(d.EndToEndPrefixSupported)}
            {(d.EndToEndPrefixSupported ? $"MaxEETLPPrefixes {d.MaximumEndToEndPrefixes}" : "")}
            EmergencyPowerReduction {Table(d.EmergencyPowerReduction, "Not Supported", "Dev Specific", "Form Factor Dev Specific", "Reserved")}, EmergencyPowerReductionInit{F(d.EmergencyPowerReductionInitialization)}
            FRS{F(d.FunctionReadinessStatus)} LN System CLS {Table(d.LnSystemCacheLine, "Not Supported", "64byte cachelines", "128byte cachelines", "Reserved")},
            TPHComp{F((d.TphCompleter & 1) != 0)} ExtTPHComp{F(d.TphCompleter == 3)} ARIFwd{F(d.AriForwardingSupported)}
            AtomicOpsCap: Routing{F(d.AtomicOpRoutingSupported)} 32bit{F(d.AtomicOp32Completer)} 64bit{F(d.AtomicOp64Completer)} 128bitCAS{F(d.Cas128Completer)}
            DevCtl2: Completion Timeout: {timeout}, TimeoutDis{F(d.CompletionTimeoutDisable)} LTR{F(d.LtrEnable)} 10BitTagReq{F(d.Tag10RequesterEnable)} OBFF {obff}, ARIFwd{F(d.AriForwardingEnable)}
            AtomicOpsCtl: ReqEn{F(d.AtomicOpRequesterEnable)} EgressBlck{F(d.AtomicOpEgressBlocking)}
            IDOReq{F(d.IdOrderingRequestEnable)} IDOCompl{F(d.IdOrderingCompletionEnable)} LTR{F(d.LtrEnable)} EmergencyPowerReductionReq{F(d.EmergencyPowerReductionRequest)}
            10BitTagReq{F(d.Tag10RequesterEnable)} OBFF {obff}, EETLPPrefixBlk{F(d.EndToEndPrefixBlocking)}
            """;
    }

    private static string Link2(PciExpressLink2 l, PciExpressCapability c, LspciDumpFunction function)
    {
        var highest = l.SupportedSpeeds == 0 ? -1 : 31 - System.Numerics.BitOperations.LeadingZeroCount((uint)l.SupportedSpeeds);
        var speeds = highest < 0 ? "Unknown" : Table(highest, "2.5GT/s", "2.5-5GT/s", "2.5-8GT/s", "2.5-16GT/s", "2.5-32GT/s", "2.5-64GT/s", "2.5-128GT/s");
        var margin = l.TransmitMargin switch
        {
            0 => "Normal Operating Range",
            1 => "800-1200mV(full-swing)/400-700mV(half-swing)",
            <= 5 => "200-400mV(full-swing)/100-200mV(half-swing)",
            _ => "Unknown",
        };
        var preset = l.CompliancePreset <= 9
            ? Table(l.CompliancePreset, "-6dB de-emphasis, 0dB", "-3.5dB de-emphasis, 0dB", "-4.4dB de-emphasis, 0dB", "-2.5dB de-emphasis, 0dB", "0dB de-emphasis, 0dB",
                "0dB de-emphasis, 1.9dB", "0dB de-emphasis, 2.5dB", "-6.0dB de-emphasis, 3.5dB", "-3.5dB de-emphasis, 3.5dB", "0dB de-emphasis, 3.5dB") + " preshoot"
            : "Unknown";
        _ = function;
        return $"""
            LnkCap2: Supported Link Speeds: {speeds}, Crosslink{F((l.Capabilities & 0x100) != 0 && l.CrosslinkSupported)} Retimer{F(l.RetimerSupported)} 2Retimers{F(l.TwoRetimersSupported)} DRS{F(l.DeviceReadinessStatusSupported)}
            LnkCtl2: Target Link Speed: {(l.TargetSpeedCode == 0 ? "2.5GT/s" : Speed(SpeedOf(l.TargetSpeedCode)).Replace('u', 'U'))}, EnterCompliance{F(l.EnterCompliance)} SpeedDis{F(l.HardwareAutonomousSpeedDisable)}
            {(c.PortType == PciExpressPortType.DownstreamPort ? $"Selectable De-emphasis: {Deemphasis[l.SelectableDeemphasis]}" : "")}
            Transmit Margin: {margin}, EnterModifiedCompliance{F(l.EnterModifiedCompliance)} ComplianceSOS{F(l.ComplianceSos)}
            Compliance Preset/De-emphasis: {preset}
            LnkSta2: Current De-emphasis Level: {Deemphasis[l.CurrentDeemphasis]}, EqualizationComplete{F(l.EqualizationComplete)} EqualizationPhase1{F(l.EqualizationPhase1)}
            EqualizationPhase2{F(l.EqualizationPhase2)} EqualizationPhase3{F(l.EqualizationPhase3)} LinkEqualizationRequest{F(l.LinkEqualizationRequest)}
            Retimer{F(l.RetimerDetected)} 2Retimers{F(l.TwoRetimersDetected)} CrosslinkRes: {Table(l.CrosslinkResolution, "unsupported", "Upstream Port", "Downstream Port", "incomplete")}, FltMode{F(l.FlitModeActive)}
            {(c.IsDownstreamFacing && l.DeviceReadinessStatusSupported ? $"DRS{F(l.DeviceReadinessReceived)} DownstreamComp: {Table(l.DownstreamComponent, "Link Down - Not Determined", "Link Down - Not Present", "Link Down - Present", "Reserved", "Link Up - Present", "Link Up - Present and DRS Received", "Reserved", "Reserved")}" : "")}
            """;
    }

    private static double? SpeedOf(int code) => code switch
    {
        1 => 2.5,
        2 => 5,
        3 => 8,
        4 => 16,
        5 => 32,
        6 => 64,
        7 => 128,
        _ => null,
    };
}
