namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// The second set of device registers of a PCI Express function (PCI Express 6.0, 7.5.3.15 and 7.5.3.16); present since
/// version 2 of the capability.
/// </summary>
public sealed class PciExpressDevice2
{
    private readonly PciRegisters _registers;

    internal PciExpressDevice2(PciRegisters registers) => _registers = registers;

    /// <summary>Gets the supported completion timeout ranges, one bit for each of A to D (device capabilities 2, +36).</summary>
    public int CompletionTimeoutRanges => PciRegisters.Field(_registers.DoubleWord(0x24), 0, 4);

    /// <summary>Gets whether the completion timeout can be disabled.</summary>
    public bool CompletionTimeoutDisableSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 4);

    /// <summary>Gets whether the port can forward requests to functions beyond 7 (ARI forwarding).</summary>
    public bool AriForwardingSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 5);

    /// <summary>Gets whether the port can route AtomicOp requests.</summary>
    public bool AtomicOpRoutingSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 6);

    /// <summary>Gets whether the function can complete 32-bit AtomicOp requests.</summary>
    public bool AtomicOp32Completer => PciRegisters.Bit(_registers.DoubleWord(0x24), 7);

    /// <summary>Gets whether the function can complete 64-bit AtomicOp requests.</summary>
    public bool AtomicOp64Completer => PciRegisters.Bit(_registers.DoubleWord(0x24), 8);

    /// <summary>Gets whether the function can complete 128-bit compare-and-swap requests.</summary>
    public bool Cas128Completer => PciRegisters.Bit(_registers.DoubleWord(0x24), 9);

    /// <summary>Gets whether the port never lets posted requests with relaxed ordering pass other posted requests.</summary>
    public bool NoRelaxedOrderingPassing => PciRegisters.Bit(_registers.DoubleWord(0x24), 10);

    /// <summary>Gets whether the function supports latency tolerance reporting (LTR).</summary>
    public bool LtrSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 11);

    /// <summary>
    /// Gets the TLP processing hints that the completer supports: 0 for none, 1 for hints, 3 for hints and extended hints.
    /// </summary>
    public int TphCompleter => PciRegisters.Field(_registers.DoubleWord(0x24), 12, 2);

    /// <summary>
    /// Gets the cache line size of the system for lightweight notification: 0 for not supported, 1 for 64 bytes, 2 for 128 bytes.
    /// </summary>
    public int LnSystemCacheLine => PciRegisters.Field(_registers.DoubleWord(0x24), 14, 2);

    /// <summary>Gets whether the completer supports 10-bit tags.</summary>
    public bool Tag10Completer => PciRegisters.Bit(_registers.DoubleWord(0x24), 16);

    /// <summary>Gets whether the requester supports 10-bit tags.</summary>
    public bool Tag10Requester => PciRegisters.Bit(_registers.DoubleWord(0x24), 17);

    /// <summary>
    /// Gets the supported signaling of optimized buffer flush/fill (OBFF): 0 for none, 1 for messages, 2 for WAKE#, 3 for both.
    /// </summary>
    public int ObffSupported => PciRegisters.Field(_registers.DoubleWord(0x24), 18, 2);

    /// <summary>Gets whether the function supports the 3-bit format field of TLP headers.</summary>
    public bool ExtendedFormatSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 20);

    /// <summary>Gets whether the function supports end-to-end TLP prefixes.</summary>
    public bool EndToEndPrefixSupported => PciRegisters.Bit(_registers.DoubleWord(0x24), 21);

    /// <summary>Gets the maximum number of end-to-end TLP prefixes, 1 to 4; only meaningful if the function supports them.</summary>
    public int MaximumEndToEndPrefixes => PciRegisters.Field(_registers.DoubleWord(0x24), 22, 2) is > 0 and var most ? most : 4;

    /// <summary>
    /// Gets the support for emergency power reduction: 0 for none, 1 for a device-specific mechanism, 2 for the mechanism of
    /// the form factor.
    /// </summary>
    public int EmergencyPowerReduction => PciRegisters.Field(_registers.DoubleWord(0x24), 24, 2);

    /// <summary>Gets whether the function must be initialized again after an emergency power reduction.</summary>
    public bool EmergencyPowerReductionInitialization => PciRegisters.Bit(_registers.DoubleWord(0x24), 26);

    /// <summary>Gets whether the function can report that it is ready (FRS).</summary>
    public bool FunctionReadinessStatus => PciRegisters.Bit(_registers.DoubleWord(0x24), 31);

    /// <summary>
    /// Gets the completion timeout (device control 2, +40): 0 for 50 us to 50 ms, otherwise the range and the half of it.
    /// </summary>
    public int CompletionTimeoutValue => PciRegisters.Field(_registers.Word(0x28), 0, 4);

    /// <summary>Gets whether the completion timeout is disabled.</summary>
    public bool CompletionTimeoutDisable => PciRegisters.Bit(_registers.Word(0x28), 4);

    /// <summary>Gets whether the port forwards requests to functions beyond 7 (ARI forwarding).</summary>
    public bool AriForwardingEnable => PciRegisters.Bit(_registers.Word(0x28), 5);

    /// <summary>Gets whether the function may initiate AtomicOp requests.</summary>
    public bool AtomicOpRequesterEnable => PciRegisters.Bit(_registers.Word(0x28), 6);

    /// <summary>Gets whether the port blocks outgoing AtomicOp requests.</summary>
    public bool AtomicOpEgressBlocking => PciRegisters.Bit(_registers.Word(0x28), 7);

    /// <summary>Gets whether the function may set the ID-based ordering attribute in its requests.</summary>
    public bool IdOrderingRequestEnable => PciRegisters.Bit(_registers.Word(0x28), 8);

    /// <summary>Gets whether the function may set the ID-based ordering attribute in its completions.</summary>
    public bool IdOrderingCompletionEnable => PciRegisters.Bit(_registers.Word(0x28), 9);

    /// <summary>Gets whether latency tolerance reporting (LTR) is enabled.</summary>
    public bool LtrEnable => PciRegisters.Bit(_registers.Word(0x28), 10);

    /// <summary>Gets whether the function is requested to enter the emergency power reduction state.</summary>
    public bool EmergencyPowerReductionRequest => PciRegisters.Bit(_registers.Word(0x28), 11);

    /// <summary>Gets whether the requester may use 10-bit tags.</summary>
    public bool Tag10RequesterEnable => PciRegisters.Bit(_registers.Word(0x28), 12);

    /// <summary>
    /// Gets the signaling in use for optimized buffer flush/fill (OBFF): 0 for disabled, 1 and 2 for messages, 3 for WAKE#.
    /// </summary>
    public int ObffControl => PciRegisters.Field(_registers.Word(0x28), 13, 2);

    /// <summary>Gets whether the port blocks outgoing TLPs with end-to-end prefixes.</summary>
    public bool EndToEndPrefixBlocking => PciRegisters.Bit(_registers.Word(0x28), 15);
}
