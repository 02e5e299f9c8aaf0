namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Device registers 2 of PCI Express (PCI Express 6.0, 7.5.3.15 and 7.5.3.16); version 2 of the capability and newer.</summary>
public sealed class PciExpressDevice2
{
    private readonly PciRegisters _registers;

    internal PciExpressDevice2(PciRegisters registers) => _registers = registers;

    /// <summary>Gets the ranges of the completion timeout to choose from, a bit each from A to D (device capabilities 2, +36).</summary>
    public int CompletionTimeoutRanges => PciRegisters.Field(_registers.DoubleWord(0x24), 0, 4);

    /// <summary>Gets whether the completion timeout can be switched off.</summary>
    public bool CompletionTimeoutDisableSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 4);

    /// <summary>Gets whether it can forward to functions beyond 7 (ARI).</summary>
    public bool AriForwardingSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 5);

    /// <summary>Gets whether it can forward atomic operations.</summary>
    public bool AtomicOpRoutingSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 6);

    /// <summary>Gets whether it can do 32-bit atomic operations.</summary>
    public bool AtomicOp32Completer => PciRegisters.Bit(_registers.DoubleWord(0x24), 7);

    /// <summary>Gets whether it can do 64-bit atomic operations.</summary>
    public bool AtomicOp64Completer => PciRegisters.Bit(_registers.DoubleWord(0x24), 8);

    /// <summary>Gets whether it can do 128-bit compare and swap.</summary>
    public bool Cas128Completer => PciRegisters.Bit(_registers.DoubleWord(0x24), 9);

    /// <summary>Gets whether it prevents posted requests from overtaking each other.</summary>
    public bool NoRelaxedOrderingPassing => PciRegisters.Bit(_registers.DoubleWord(0x24), 10);

    /// <summary>Gets whether it can report how much latency it tolerates.</summary>
    public bool LtrSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 11);

    /// <summary>Gets the processing hints that it understands: 0 none, 1 hints, 3 hints and extended hints.</summary>
    public int TphCompleter => PciRegisters.Field(_registers.DoubleWord(0x24), 12, 2);

    /// <summary>Gets the cache lines of the system for lightweight notification: 0 none, 1 64 bytes, 2 128 bytes.</summary>
    public int LnSystemCacheLine => PciRegisters.Field(_registers.DoubleWord(0x24), 14, 2);

    /// <summary>Gets whether it can answer requests with tags of 10 bits.</summary>
    public bool Tag10Completer => PciRegisters.Bit(_registers.DoubleWord(0x24), 16);

    /// <summary>Gets whether it can send requests with tags of 10 bits.</summary>
    public bool Tag10Requester => PciRegisters.Bit(_registers.DoubleWord(0x24), 17);

    /// <summary>Gets the hints when to flush buffers: 0 none, 1 by message, 2 by WAKE#, 3 by either.</summary>
    public int ObffSupported => PciRegisters.Field(_registers.DoubleWord(0x24), 18, 2);

    /// <summary>Gets whether it knows the formats of 3 bits.</summary>
    public bool ExtendedFormatSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 20);

    /// <summary>Gets whether it knows end-to-end TLP prefixes.</summary>
    public bool EndToEndPrefixSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 21);

    /// <summary>Gets the maximum number of end-to-end TLP prefixes, 1 to 4, if it supports them.</summary>
    public int MaximumEndToEndPrefixes => PciRegisters.Field(_registers.DoubleWord(0x24), 22, 2) is > 0 and var most ? most : 4;

    /// <summary>Gets the can save power in an emergency: 0 no, 1 in its own way, 2 as its form factor says.</summary>
    public int EmergencyPowerReduction => PciRegisters.Field(_registers.DoubleWord(0x24), 24, 2);

    /// <summary>Gets whether it must be set up again after it has saved power.</summary>
    public bool EmergencyPowerReductionInitialization => PciRegisters.Bit(_registers.DoubleWord(0x24), 26);

    /// <summary>Gets whether it can report that it is ready (FRS).</summary>
    public bool FunctionReadinessStatus => PciRegisters.Bit(_registers.DoubleWord(0x24), 31);

    /// <summary>Gets the completion timeout (device control 2, +40): 0 50 us to 50 ms, otherwise range and half of it.</summary>
    public int CompletionTimeoutValue => PciRegisters.Field(_registers.Word(0x28), 0, 4);

    /// <summary>Gets whether the completion timeout is off.</summary>
    public bool CompletionTimeoutDisable => PciRegisters.Bit(_registers.Word(0x28), 4);

    /// <summary>Gets whether it forwards to functions beyond 7 (ARI).</summary>
    public bool AriForwardingEnable => PciRegisters.Bit(_registers.Word(0x28), 5);

    /// <summary>Gets whether it may start atomic operations.</summary>
    public bool AtomicOpRequesterEnable => PciRegisters.Bit(_registers.Word(0x28), 6);

    /// <summary>Gets whether it blocks atomic operations.</summary>
    public bool AtomicOpEgressBlocking => PciRegisters.Bit(_registers.Word(0x28), 7);

    /// <summary>Gets whether it may order its requests by id.</summary>
    public bool IdOrderingRequestEnable => PciRegisters.Bit(_registers.Word(0x28), 8);

    /// <summary>Gets whether it may order its completions by id.</summary>
    public bool IdOrderingCompletionEnable => PciRegisters.Bit(_registers.Word(0x28), 9);

    /// <summary>Gets whether it reports how much latency it tolerates.</summary>
    public bool LtrEnable => PciRegisters.Bit(_registers.Word(0x28), 10);

    /// <summary>Gets whether it is asked to save power.</summary>
    public bool EmergencyPowerReductionRequest => PciRegisters.Bit(_registers.Word(0x28), 11);

    /// <summary>Gets whether it may send requests with tags of 10 bits.</summary>
    public bool Tag10RequesterEnable => PciRegisters.Bit(_registers.Word(0x28), 12);

    /// <summary>Gets the hints when to flush buffers: 0 off, 1 and 2 by message, 3 by WAKE#.</summary>
    public int ObffControl => PciRegisters.Field(_registers.Word(0x28), 13, 2);

    /// <summary>Gets whether it blocks end-to-end TLP prefixes.</summary>
    public bool EndToEndPrefixBlocking => PciRegisters.Bit(_registers.Word(0x28), 15);
}
