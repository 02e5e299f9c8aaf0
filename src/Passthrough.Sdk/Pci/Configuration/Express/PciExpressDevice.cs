namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Device registers of PCI Express (PCI Express 6.0, 7.5.3.3 to 7.5.3.5).</summary>
public sealed class PciExpressDevice
{
    private readonly PciRegisters _registers;

    internal PciExpressDevice(PciRegisters registers, PciExpressPortType type)
    {
        _registers = registers;
        IsEndpoint = type is PciExpressPortType.Endpoint or PciExpressPortType.LegacyEndpoint;
    }

    /// <summary>Gets the longest payload that it can take, in bytes (device capabilities, +4).</summary>
    public int MaximumPayloadSupported => 128 << PciRegisters.Field(_registers.DoubleWord(0x04), 0, 3);

    /// <summary>Gets the unused function numbers that it may put into its requests.</summary>
    public int PhantomFunctions => (1 << PciRegisters.Field(_registers.DoubleWord(0x04), 3, 2)) - 1;

    /// <summary>Gets whether it can use tags of 8 bits.</summary>
    public bool ExtendedTagSupported => PciRegisters.Bit(_registers.DoubleWord(0x04), 5);

    /// <summary>
    /// Gets how long it can wait for L0s to be left: 0 64 ns, doubled with each step up to 6 4 us, 7 any time. Endpoints only.
    /// </summary>
    public int L0sAcceptableLatency => PciRegisters.Field(_registers.DoubleWord(0x04), 6, 3);

    /// <summary>Gets how long it can wait for L1 to be left: 0 1 us, doubled with each step up to 6 64 us, 7 any time. Endpoints only.</summary>
    public int L1AcceptableLatency => PciRegisters.Field(_registers.DoubleWord(0x04), 9, 3);

    /// <summary>Gets whether it has an attention button (PCI Express 1.0a only).</summary>
    public bool AttentionButton => PciRegisters.Bit(_registers.DoubleWord(0x04), 12);

    /// <summary>Gets whether it has an attention indicator (PCI Express 1.0a only).</summary>
    public bool AttentionIndicator => PciRegisters.Bit(_registers.DoubleWord(0x04), 13);

    /// <summary>Gets whether it has a power indicator (PCI Express 1.0a only).</summary>
    public bool PowerIndicator => PciRegisters.Bit(_registers.DoubleWord(0x04), 14);

    /// <summary>Gets whether it reports errors by its role, as all functions since PCI Express 1.1.</summary>
    public bool RoleBasedErrorReporting => PciRegisters.Bit(_registers.DoubleWord(0x04), 15);

    /// <summary>Gets the power that the slot may give, as <see cref="SlotPowerLimit"/> has it in watts.</summary>
    public int SlotPowerLimitValue => PciRegisters.Field(_registers.DoubleWord(0x04), 18, 8);

    /// <summary>Gets the unit of <see cref="SlotPowerLimitValue"/>: 0 1 W, 1 0.1 W, 2 0.01 W, 3 0.001 W.</summary>
    public int SlotPowerLimitScale => PciRegisters.Field(_registers.DoubleWord(0x04), 26, 2);

    /// <summary>Gets the power that the slot may give, in watts; null for more than 600 W.</summary>
    public decimal? SlotPowerLimit => SlotPower.Watts(SlotPowerLimitValue, SlotPowerLimitScale);

    /// <summary>Gets whether it can be reset alone.</summary>
    public bool FunctionLevelResetCapable => PciRegisters.Bit(_registers.DoubleWord(0x04), 28);

    /// <summary>Gets whether it can be a trusted device of a confidential machine (TDISP).</summary>
    public bool TeeIoSupported => PciRegisters.Bit(_registers.DoubleWord(0x04), 30);

    /// <summary>Gets the errors it may report (device control, +8).</summary>
    public PciExpressErrorReporting ReportingEnable => (PciExpressErrorReporting)(_registers.Word(0x08) & 0xf);

    /// <summary>Gets whether it may let its transactions overtake one another.</summary>
    public bool RelaxedOrderingEnable => PciRegisters.Bit(_registers.Word(0x08), 4);

    /// <summary>Gets the longest payload that it may send, in bytes.</summary>
    public int MaximumPayload => 128 << PciRegisters.Field(_registers.Word(0x08), 5, 3);

    /// <summary>Gets whether it may use tags of 8 bits.</summary>
    public bool ExtendedTagEnable => PciRegisters.Bit(_registers.Word(0x08), 8);

    /// <summary>Gets whether it may use the numbers of unused functions.</summary>
    public bool PhantomFunctionsEnable => PciRegisters.Bit(_registers.Word(0x08), 9);

    /// <summary>Gets whether it may draw auxiliary power without PME.</summary>
    public bool AuxPowerEnable => PciRegisters.Bit(_registers.Word(0x08), 10);

    /// <summary>Gets whether it may request accesses that leave the caches aside.</summary>
    public bool NoSnoopEnable => PciRegisters.Bit(_registers.Word(0x08), 11);

    /// <summary>Gets the longest read that it may ask for, in bytes.</summary>
    public int MaximumReadRequest => 128 << PciRegisters.Field(_registers.Word(0x08), 12, 3);

    /// <summary>
    /// Gets, for bridges, whether it may answer configuration requests with a retry; for endpoints, whether a write starts the function-level reset, reads as 0.
    /// </summary>
    public bool BridgeConfigurationRetryEnable => PciRegisters.Bit(_registers.Word(0x08), 15);

    /// <summary>Gets the errors that it has seen (device status, +10).</summary>
    public PciExpressErrorReporting Detected => (PciExpressErrorReporting)(_registers.Word(0x0a) & 0xf);

    /// <summary>Gets whether it has found auxiliary power.</summary>
    public bool AuxPowerDetected => PciRegisters.Bit(_registers.Word(0x0a), 4);

    /// <summary>Gets whether one of its own transactions is pending.</summary>
    public bool TransactionsPending => PciRegisters.Bit(_registers.Word(0x0a), 5);

    /// <summary>Gets whether the latencies above mean anything: it is an endpoint or a legacy endpoint.</summary>
    public bool IsEndpoint { get; }
}
