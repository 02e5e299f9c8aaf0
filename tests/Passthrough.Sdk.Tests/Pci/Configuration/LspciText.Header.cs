using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

internal static partial class LspciText
{
    /// <summary>What stands before the capabilities.</summary>
    public static string Header(LspciDumpFunction function, PciIdDatabase names)
    {
        var header = function.Configuration.Header!;
        return $"""
            {Title(header, names)}
            {Subsystem(function, names)}
            Control: {Flags(header.Command,
                ("I/O", PciCommand.IoSpace), ("Mem", PciCommand.MemorySpace), ("BusMaster", PciCommand.BusMaster), ("SpecCycle", PciCommand.SpecialCycles),
                ("MemWINV", PciCommand.MemoryWriteAndInvalidate), ("VGASnoop", PciCommand.VgaPaletteSnoop), ("ParErr", PciCommand.ParityErrorResponse),
                ("Stepping", PciCommand.AddressStepping), ("SERR", PciCommand.SystemError), ("FastB2B", PciCommand.FastBackToBack), ("DisINTx", PciCommand.InterruptDisable))}
            Status: {Flags(header.Status, ("Cap", PciStatus.CapabilitiesList))} {Status(header.Status, header.DevselTiming, '>')} {Flags(header.Status, ("INTx", PciStatus.Interrupt))}
            {Latency(header)}
            {(header.InterruptPin == 0 && header.InterruptLine == 0 ? "" : $"Interrupt: pin {(header.InterruptPin == 0 ? "?" : (char)('A' + header.InterruptPin - 1))} routed to IRQ {header.InterruptLine}")}
            {((header.Bist & 0x80) == 0 ? "" : (header.Bist & 0x40) != 0 ? "BIST is running" : $"BIST result: {header.Bist & 0xf:x2}")}
            {string.Join('\n', Regions(header))}
            {header switch
            {
                BridgeHeader bridge => Bridge(bridge),
                CardBusHeader bridge => CardBus(bridge),
                _ => "",
            }}
            {Rom(header)}
            {(header is BridgeHeader with ? Control(with) : "")}
            """;
    }

    /// <summary>The lines of the base address registers.</summary>
    public static IEnumerable<string> Regions(PciHeader header) => header.Bars.Select(bar => bar.IsIo
        ? $"Region {bar.Index}: I/O ports at {(bar.IsAssigned || header.Command.HasFlag(PciCommand.IoSpace) ? $"{bar.Address:x4}" : "<unassigned>")}{(header.Command.HasFlag(PciCommand.IoSpace) ? "" : " [disabled]")}"
        : $"Region {bar.Index}: Memory at {(bar.IsAssigned ? $"{bar.Address:x8}" : "<unassigned>")} ({Kind(bar.Width)}, {(bar.IsPrefetchable ? "" : "non-")}prefetchable){(header.Command.HasFlag(PciCommand.MemorySpace) ? "" : " [disabled]")}");

    private static string Title(PciHeader header, PciIdDatabase names)
    {
        var (baseClass, subclass) = ((byte)(header.ClassCode >> 16), (byte)((header.ClassCode >> 8) & 0xff));
        var className = names.FindSubclass(baseClass, subclass) ?? names.FindClass(baseClass) ?? "Class";
        var (vendor, device) = (names.FindVendor(header.VendorId), names.FindDevice(header.VendorId, header.DeviceId));
        var number = header.ClassCode & 0xff;
        var programmingInterface = names.FindProgrammingInterface(baseClass, subclass, (byte)number) ?? IdeInterface(header.ClassCode);
        return $"{className} [{header.ClassCode >> 8:x4}]: {Pair(vendor, device)} [{header.VendorId:x4}:{header.DeviceId:x4}]"
            + (header.RevisionId == 0 ? "" : $" (rev {header.RevisionId:x2})")
            + (number == 0 && programmingInterface is null ? "" : $" (prog-if {number:x2}{(programmingInterface is null ? "" : $" [{programmingInterface}]")})");
    }

    // lspci spells the bits of an IDE controller's interface out where the database has no name for them.
    private static string? IdeInterface(int classCode) => (classCode >> 8) != 0x0101 || (classCode & 0x70) != 0
        ? null
        : string.Join(' ', new[] { (0x80, "Master"), (0x08, "SecP"), (0x04, "SecO"), (0x02, "PriP"), (0x01, "PriO") }.Where(bit => (classCode & bit.Item1) != 0).Select(bit => bit.Item2));

    private static string Subsystem(LspciDumpFunction function, PciIdDatabase names)
    {
        var header = function.Configuration.Header!;
        return function is not { SubsystemVendorId: { } vendor, SubsystemDeviceId: { } device }
            ? ""
            : $"Subsystem: {Card(header, vendor, device, names)}";
    }

    private static string Card(PciHeader header, ushort vendor, ushort device, PciIdDatabase names) =>
        $"{Pair(names.FindVendor(vendor), names.FindSubsystem(header.VendorId, header.DeviceId, vendor, device))} [{vendor:x4}:{device:x4}]";

    private static string Pair(string? vendor, string? device) => vendor is null ? "Device" : $"{vendor} {device ?? "Device"}";

    private static string Status(PciStatus status, DevselTiming timing, char systemError) => $"{Flags(status,
        ("66MHz", PciStatus.Capable66MHz), ("UDF", PciStatus.UserDefinableFeatures), ("FastB2B", PciStatus.FastBackToBack), ("ParErr", PciStatus.MasterDataParityError))} DEVSEL={Devsel[(int)timing]} {Flags(status,
        (">TAbort", PciStatus.SignaledTargetAbort), ("<TAbort", PciStatus.ReceivedTargetAbort), ("<MAbort", PciStatus.ReceivedMasterAbort),
        ($"{systemError}SERR", PciStatus.SignaledSystemError), ("<PERR", PciStatus.DetectedParityError))}";

    private static string Latency(PciHeader header)
    {
        var (grant, maximum) = header is DeviceHeader device ? (device.MinimumGrant * 250, device.MaximumLatency * 250) : (0, 0);
        string[] wants = [.. new[] { grant == 0 ? "" : $"{grant}ns min", maximum == 0 ? "" : $"{maximum}ns max" }.Where(want => want.Length > 0)];
        return !header.Command.HasFlag(PciCommand.BusMaster)
            ? ""
            : $"Latency: {header.LatencyTimer}{(wants.Length == 0 ? "" : $" ({string.Join(", ", wants)})")}{(header.CacheLineSize == 0 ? "" : $", Cache Line Size: {header.CacheLineSize} bytes")}";
    }

    private static string Kind(int width) => width switch
    {
        64 => "64-bit",
        32 => "32-bit",
        20 => "low-1M",
        _ => "type 3",
    };

    private static string Rom(PciHeader header) => header.Rom is not { } rom
        ? ""
        : $"Expansion ROM at {(rom.Address == 0 ? "<unassigned>" : $"{rom.Address:x8}")} {(!rom.IsEnabled ? "[disabled]" : header.Command.HasFlag(PciCommand.MemorySpace) ? "" : "[disabled by cmd]")}";

    private static string Bridge(BridgeHeader bridge) => $"""
        Bus: primary={bridge.PrimaryBus:x2}, secondary={bridge.SecondaryBus:x2}, subordinate={bridge.SubordinateBus:x2}, sec-latency={bridge.SecondaryLatencyTimer}
        {Window("I/O behind bridge:", bridge.IoWindow)}
        {Window("Memory behind bridge:", bridge.MemoryWindow)}
        {Window("Prefetchable memory behind bridge:", bridge.PrefetchableWindow)}
        Secondary status: {Status(bridge.SecondaryStatus, bridge.SecondaryDevselTiming, '<')}
        """;

    private static string Window(string label, BridgeWindow? window)
    {
        if (window is null)
        {
            return "!!! Unknown range types";
        }

        var digits = window.Width / 4;
        var range = $"{window.Base.ToString($"x{digits}", null)}-{window.Limit.ToString($"x{digits}", null)}";
        return $"{label} {range} {(window.IsOpen ? Size(window.Size) : "[disabled]")} [{window.Width}-bit]";
    }

    private static string Size(ulong size)
    {
        var unit = 0;
        for (; unit < 4 && size % 1024 == 0; unit++)
        {
            size /= 1024;
        }

        return $"[size={(uint)size}{"BKMGT"[unit..(unit + 1)].Replace("B", "", StringComparison.Ordinal)}]";
    }

    private static string Control(BridgeHeader bridge) => "BridgeCtl: " + Flags(bridge.BridgeControl,
        ("Parity", BridgeControl.ParityErrorResponse), ("SERR", BridgeControl.SystemError), ("NoISA", BridgeControl.IsaEnable), ("VGA", BridgeControl.VgaEnable),
        ("VGA16", BridgeControl.Vga16BitDecode), ("MAbort", BridgeControl.MasterAbortMode), (">Reset", BridgeControl.SecondaryBusReset), ("FastB2B", BridgeControl.FastBackToBack),
        ("PriDiscTmr", BridgeControl.PrimaryDiscardTimer), ("SecDiscTmr", BridgeControl.SecondaryDiscardTimer), ("DiscTmrStat", BridgeControl.DiscardTimerStatus),
        ("DiscTmrSERREn", BridgeControl.DiscardTimerSystemError));

    private static string CardBus(CardBusHeader bridge) => $"""
        Bus: primary={bridge.PrimaryBus:x2}, secondary={bridge.CardBus:x2}, subordinate={bridge.SubordinateBus:x2}, sec-latency={bridge.CardBusLatencyTimer}
        {string.Join('\n', bridge.MemoryWindows.Select((window, index) => $"Memory window {index}: {window.Base:x8}-{window.Limit:x8}{(bridge.Command.HasFlag(PciCommand.MemorySpace) ? "" : " [disabled]")}{(bridge.BridgeControl.HasFlag((CardBusBridgeControl)(0x100 << index)) ? " (prefetchable)" : "")}"))}
        {string.Join('\n', bridge.IoWindows.Select((window, index) => $"I/O window {index}: {window.Base:x8}-{window.Limit:x8}{(bridge.Command.HasFlag(PciCommand.IoSpace) ? "" : " [disabled]")}"))}
        BridgeCtl: {Flags(bridge.BridgeControl,
            ("Parity", CardBusBridgeControl.ParityErrorResponse), ("SERR", CardBusBridgeControl.SystemError), ("ISA", CardBusBridgeControl.IsaEnable), ("VGA", CardBusBridgeControl.VgaEnable),
            ("MAbort", CardBusBridgeControl.MasterAbortMode), (">Reset", CardBusBridgeControl.CardBusReset), ("16bInt", CardBusBridgeControl.Interrupt16Bit), ("PostWrite", CardBusBridgeControl.WritePosting))}
        {(bridge.LegacyModeBase is > 0 and var port ? $"16-bit legacy interface ports at {port:x4}" : "")}
        """;
}
