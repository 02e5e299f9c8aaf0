namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The device registers of a PCI Express function (PCI Express 6.0, 7.5.3.3 to 7.5.3.5).</summary>
public sealed class PciExpressDevice
{
    private readonly PciRegisters _registers;

    internal PciExpressDevice(PciRegisters registers, PciExpressPortType type)
    {
        _registers = registers;
        IsEndpoint = type is PciExpressPortType.Endpoint or PciExpressPortType.LegacyEndpoint;
    }

    /// <summary>
    /// Gets the largest payload that the function supports, in bytes (Max_Payload_Size Supported; device capabilities, +4).
    /// </summary>
    public int MaximumPayloadSupported => 128 << PciRegisters.Field(_registers.DoubleWord(0x04), 0, 3);

    /// <summary>Gets the number of unused function numbers that the function may use in its requests (phantom functions).</summary>
    public int PhantomFunctions => (1 << PciRegisters.Field(_registers.DoubleWord(0x04), 3, 2)) - 1;

    /// <summary>Gets whether the function supports 8-bit tags.</summary>
    public bool ExtendedTagSupported => PciRegisters.Bit(_registers.DoubleWord(0x04), 5);

    /// <summary>
    /// Gets the acceptable L0s exit latency: 0 for 64 ns, doubled with each step up to 6 for 4 us, 7 for no limit. Endpoints only.
    /// </summary>
    public int L0sAcceptableLatency => PciRegisters.Field(_registers.DoubleWord(0x04), 6, 3);

    /// <summary>
    /// Gets the acceptable L1 exit latency: 0 for 1 us, doubled with each step up to 6 for 64 us, 7 for no limit. Endpoints only.
    /// </summary>
    public int L1AcceptableLatency => PciRegisters.Field(_registers.DoubleWord(0x04), 9, 3);

    /// <summary>Gets whether an attention button is present (PCI Express 1.0a only).</summary>
    public bool AttentionButton => PciRegisters.Bit(_registers.DoubleWord(0x04), 12);

    /// <summary>Gets whether an attention indicator is present (PCI Express 1.0a only).</summary>
    public bool AttentionIndicator => PciRegisters.Bit(_registers.DoubleWord(0x04), 13);

    /// <summary>Gets whether a power indicator is present (PCI Express 1.0a only).</summary>
    public bool PowerIndicator => PciRegisters.Bit(_registers.DoubleWord(0x04), 14);

    /// <summary>
    /// Gets whether the function implements role-based error reporting, as all functions have done since PCI Express 1.1.
    /// </summary>
    public bool RoleBasedErrorReporting => PciRegisters.Bit(_registers.DoubleWord(0x04), 15);

    /// <summary>Gets the power that the slot may supply, as a raw value; <see cref="SlotPowerLimit"/> is the same in watts.</summary>
    public int SlotPowerLimitValue => PciRegisters.Field(_registers.DoubleWord(0x04), 18, 8);

    /// <summary>Gets the unit of <see cref="SlotPowerLimitValue"/>: 0 for 1 W, 1 for 0.1 W, 2 for 0.01 W, 3 for 0.001 W.</summary>
    public int SlotPowerLimitScale => PciRegisters.Field(_registers.DoubleWord(0x04), 26, 2);

    /// <summary>Gets the power that the slot may supply, in watts; null for more than 600 W.</summary>
    public decimal? SlotPowerLimit => SlotPower.Watts(SlotPowerLimitValue, SlotPowerLimitScale);

    /// <summary>Gets whether the function supports function-level reset (FLR).</summary>
    public bool FunctionLevelResetCapable => PciRegisters.Bit(_registers.DoubleWord(0x04), 28);

    /// <summary>Gets whether the function can be assigned to a confidential virtual machine as a trusted device (TDISP).</summary>
    public bool TeeIoSupported => PciRegisters.Bit(_registers.DoubleWord(0x04), 30);

    /// <summary>Gets the classes of errors that the function may report (device control, +8).</summary>
    public PciExpressErrorReporting ReportingEnable => (PciExpressErrorReporting)(_registers.Word(0x08) & 0xf);

    /// <summary>Gets whether the function may set the relaxed ordering attribute in its requests.</summary>
    public bool RelaxedOrderingEnable => PciRegisters.Bit(_registers.Word(0x08), 4);

    /// <summary>Gets the largest payload that the function may send, in bytes (Max_Payload_Size).</summary>
    public int MaximumPayload => 128 << PciRegisters.Field(_registers.Word(0x08), 5, 3);

    /// <summary>Gets whether the function may use 8-bit tags.</summary>
    public bool ExtendedTagEnable => PciRegisters.Bit(_registers.Word(0x08), 8);

    /// <summary>Gets whether the function may use unused function numbers in its requests (phantom functions).</summary>
    public bool PhantomFunctionsEnable => PciRegisters.Bit(_registers.Word(0x08), 9);

    /// <summary>Gets whether the function may draw auxiliary power independently of PME.</summary>
    public bool AuxPowerEnable => PciRegisters.Bit(_registers.Word(0x08), 10);

    /// <summary>Gets whether the function may set the no snoop attribute in its requests.</summary>
    public bool NoSnoopEnable => PciRegisters.Bit(_registers.Word(0x08), 11);

    /// <summary>Gets the largest read that the function may request, in bytes (Max_Read_Request_Size).</summary>
    public int MaximumReadRequest => 128 << PciRegisters.Field(_registers.Word(0x08), 12, 3);

    /// <summary>
    /// Gets, for bridges, whether the bridge may answer configuration requests with a retry status; for endpoints, the bit
    /// that initiates a function-level reset, which reads as 0.
    /// </summary>
    public bool BridgeConfigurationRetryEnable => PciRegisters.Bit(_registers.Word(0x08), 15);

    /// <summary>Gets the classes of errors that the function has detected (device status, +10).</summary>
    public PciExpressErrorReporting Detected => (PciExpressErrorReporting)(_registers.Word(0x0a) & 0xf);

    /// <summary>Gets whether the function has detected auxiliary power.</summary>
    public bool AuxPowerDetected => PciRegisters.Bit(_registers.Word(0x0a), 4);

    /// <summary>Gets whether the function has transactions pending.</summary>
    public bool TransactionsPending => PciRegisters.Bit(_registers.Word(0x0a), 5);

    /// <summary>Gets whether the function is an endpoint or a legacy endpoint; only then are the acceptable latencies meaningful.</summary>
    public bool IsEndpoint { get; }
}
