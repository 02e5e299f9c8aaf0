namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// The second set of link registers of a PCI Express function (PCI Express 6.0, 7.5.3.18 to 7.5.3.20); present since version
/// 2 of the capability.
/// </summary>
public sealed class PciExpressLink2
{
    private readonly PciRegisters _registers;

    internal PciExpressLink2(PciRegisters registers) => _registers = registers;

    /// <summary>
    /// Gets the link capabilities 2 register (+44) as a whole; 0 before PCI Express 3.0, where the properties of its bits
    /// mean nothing.
    /// </summary>
    public uint Capabilities => _registers.DoubleWord(0x2c);

    /// <summary>Gets the supported link speeds, one bit for each of 2.5, 5, 8, 16, 32, 64 and 128 GT/s.</summary>
    public int SupportedSpeeds => PciRegisters.Field(_registers.DoubleWord(0x2c), 1, 7);

    /// <summary>Gets whether the port can be connected to a port of its own kind (crosslink).</summary>
    public bool CrosslinkSupported => PciRegisters.Bit(_registers.DoubleWord(0x2c), 8);

    /// <summary>Gets whether the port can detect a retimer on the link.</summary>
    public bool RetimerSupported => PciRegisters.Bit(_registers.DoubleWord(0x2c), 23);

    /// <summary>Gets whether the port can detect two retimers on the link.</summary>
    public bool TwoRetimersSupported => PciRegisters.Bit(_registers.DoubleWord(0x2c), 24);

    /// <summary>Gets whether the port can receive messages that say that a device is ready (DRS).</summary>
    public bool DeviceReadinessStatusSupported => PciRegisters.Bit(_registers.DoubleWord(0x2c), 31);

    /// <summary>
    /// Gets the code of the target link speed (link control 2, +48), coded as <see cref="PciExpressLink.MaximumSpeedCode"/>;
    /// 0 stands for 2.5 GT/s.
    /// </summary>
    public int TargetSpeedCode => PciRegisters.Field(_registers.Word(0x30), 0, 4);

    /// <summary>Gets whether the link is directed to enter compliance mode.</summary>
    public bool EnterCompliance => PciRegisters.Bit(_registers.Word(0x30), 4);

    /// <summary>Gets whether the hardware is prevented from changing the link speed autonomously.</summary>
    public bool HardwareAutonomousSpeedDisable => PciRegisters.Bit(_registers.Word(0x30), 5);

    /// <summary>Gets the selectable de-emphasis at 5 GT/s: 0 for -6 dB, 1 for -3.5 dB.</summary>
    public int SelectableDeemphasis => PciRegisters.Field(_registers.Word(0x30), 6, 1);

    /// <summary>Gets the code of the transmit margin; 0 is the normal operating range.</summary>
    public int TransmitMargin => PciRegisters.Field(_registers.Word(0x30), 7, 3);

    /// <summary>Gets whether the port sends the modified compliance pattern.</summary>
    public bool EnterModifiedCompliance => PciRegisters.Bit(_registers.Word(0x30), 10);

    /// <summary>Gets whether the port sends SKP ordered sets between the compliance patterns.</summary>
    public bool ComplianceSos => PciRegisters.Bit(_registers.Word(0x30), 11);

    /// <summary>Gets the preset or the de-emphasis that is used in compliance mode.</summary>
    public int CompliancePreset => PciRegisters.Field(_registers.Word(0x30), 12, 4);

    /// <summary>Gets the current de-emphasis (link status 2, +50): 0 for -6 dB, 1 for -3.5 dB.</summary>
    public int CurrentDeemphasis => PciRegisters.Field(_registers.Word(0x32), 0, 1);

    /// <summary>Gets whether equalization at 8 GT/s is complete.</summary>
    public bool EqualizationComplete => PciRegisters.Bit(_registers.Word(0x32), 1);

    /// <summary>Gets whether phase 1 of equalization at 8 GT/s has succeeded.</summary>
    public bool EqualizationPhase1 => PciRegisters.Bit(_registers.Word(0x32), 2);

    /// <summary>Gets whether phase 2 of equalization at 8 GT/s has succeeded.</summary>
    public bool EqualizationPhase2 => PciRegisters.Bit(_registers.Word(0x32), 3);

    /// <summary>Gets whether phase 3 of equalization at 8 GT/s has succeeded.</summary>
    public bool EqualizationPhase3 => PciRegisters.Bit(_registers.Word(0x32), 4);

    /// <summary>Gets whether the hardware requests link equalization at 8 GT/s.</summary>
    public bool LinkEqualizationRequest => PciRegisters.Bit(_registers.Word(0x32), 5);

    /// <summary>Gets whether there is a retimer on the link.</summary>
    public bool RetimerDetected => PciRegisters.Bit(_registers.Word(0x32), 6);

    /// <summary>Gets whether there are two retimers on the link.</summary>
    public bool TwoRetimersDetected => PciRegisters.Bit(_registers.Word(0x32), 7);

    /// <summary>
    /// Gets the result of crosslink negotiation: 0 for not supported, 1 for upstream port, 2 for downstream port, 3 for not
    /// completed.
    /// </summary>
    public int CrosslinkResolution => PciRegisters.Field(_registers.Word(0x32), 8, 2);

    /// <summary>Gets whether the link runs in flit mode.</summary>
    public bool FlitModeActive => PciRegisters.Bit(_registers.Word(0x32), 10);

    /// <summary>
    /// Gets the state of the downstream component: 0 and 1 for link down, 2 for present with the link down, 4 for link up, 5
    /// for link up and ready.
    /// </summary>
    public int DownstreamComponent => PciRegisters.Field(_registers.Word(0x32), 12, 3);

    /// <summary>Gets whether the port has received the message that the device is ready (DRS).</summary>
    public bool DeviceReadinessReceived => PciRegisters.Bit(_registers.Word(0x32), 15);
}
