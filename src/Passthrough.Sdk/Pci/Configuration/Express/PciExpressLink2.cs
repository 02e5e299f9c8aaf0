namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Link registers 2 of PCI Express (PCI Express 6.0, 7.5.3.18 to 7.5.3.20); version 2 of the capability and newer.</summary>
public sealed class PciExpressLink2
{
    private readonly PciRegisters _registers;

    internal PciExpressLink2(PciRegisters registers) => _registers = registers;

    /// <summary>Gets the link capabilities 2 (+44) as a whole; 0 before PCI Express 3.0, and then the bits below mean nothing.</summary>
    public uint Capabilities => _registers.DoubleWord(0x2c);

    /// <summary>Gets the speeds that the link can run at, a bit each: 2.5, 5, 8, 16, 32, 64, 128 GT/s.</summary>
    public int SupportedSpeeds => PciRegisters.Field(_registers.DoubleWord(0x2c), 1, 7);

    /// <summary>Gets whether it can be linked to a port of its own kind.</summary>
    public bool CrosslinkSupported => PciRegisters.Bit(_registers.DoubleWord(0x2c), 8);

    /// <summary>Gets whether it reports a retimer on the link.</summary>
    public bool RetimerSupported => PciRegisters.Bit(_registers.DoubleWord(0x2c), 23);

    /// <summary>Gets whether it reports two retimers on the link.</summary>
    public bool TwoRetimersSupported => PciRegisters.Bit(_registers.DoubleWord(0x2c), 24);

    /// <summary>Gets whether it can take the message that a device is ready (DRS).</summary>
    public bool DeviceReadinessStatusSupported => PciRegisters.Bit(_registers.DoubleWord(0x2c), 31);

    /// <summary>
    /// Gets the speed to aim at (link control 2, +48), coded as <see cref="PciExpressLink.MaximumSpeedCode"/>; 0 stands for 2.5 GT/s.
    /// </summary>
    public int TargetSpeedCode => PciRegisters.Field(_registers.Word(0x30), 0, 4);

    /// <summary>Gets whether it goes to compliance mode.</summary>
    public bool EnterCompliance => PciRegisters.Bit(_registers.Word(0x30), 4);

    /// <summary>Gets whether the hardware may not change the speed on its own.</summary>
    public bool HardwareAutonomousSpeedDisable => PciRegisters.Bit(_registers.Word(0x30), 5);

    /// <summary>Gets the de-emphasis at 5 GT/s: 0 -6 dB, 1 -3.5 dB.</summary>
    public int SelectableDeemphasis => PciRegisters.Field(_registers.Word(0x30), 6, 1);

    /// <summary>Gets the voltage margin; 0 is the normal range.</summary>
    public int TransmitMargin => PciRegisters.Field(_registers.Word(0x30), 7, 3);

    /// <summary>Gets whether it sends the modified compliance pattern.</summary>
    public bool EnterModifiedCompliance => PciRegisters.Bit(_registers.Word(0x30), 10);

    /// <summary>Gets whether it sends SKP ordered sets in between.</summary>
    public bool ComplianceSos => PciRegisters.Bit(_registers.Word(0x30), 11);

    /// <summary>Gets the preset or de-emphasis in compliance mode.</summary>
    public int CompliancePreset => PciRegisters.Field(_registers.Word(0x30), 12, 4);

    /// <summary>Gets the de-emphasis in use (link status 2, +50): 0 -6 dB, 1 -3.5 dB.</summary>
    public int CurrentDeemphasis => PciRegisters.Field(_registers.Word(0x32), 0, 1);

    /// <summary>Gets whether equalization at 8 GT/s is complete.</summary>
    public bool EqualizationComplete => PciRegisters.Bit(_registers.Word(0x32), 1);

    /// <summary>Gets whether its phase 1 has succeeded.</summary>
    public bool EqualizationPhase1 => PciRegisters.Bit(_registers.Word(0x32), 2);

    /// <summary>Gets whether its phase 2 has succeeded.</summary>
    public bool EqualizationPhase2 => PciRegisters.Bit(_registers.Word(0x32), 3);

    /// <summary>Gets whether its phase 3 has succeeded.</summary>
    public bool EqualizationPhase3 => PciRegisters.Bit(_registers.Word(0x32), 4);

    /// <summary>Gets whether it requests equalization.</summary>
    public bool LinkEqualizationRequest => PciRegisters.Bit(_registers.Word(0x32), 5);

    /// <summary>Gets whether there is a retimer on the link.</summary>
    public bool RetimerDetected => PciRegisters.Bit(_registers.Word(0x32), 6);

    /// <summary>Gets whether there are two retimers on the link.</summary>
    public bool TwoRetimersDetected => PciRegisters.Bit(_registers.Word(0x32), 7);

    /// <summary>Gets the result of a crosslink: 0 not supported, 1 upstream port, 2 downstream port, 3 not yet.</summary>
    public int CrosslinkResolution => PciRegisters.Field(_registers.Word(0x32), 8, 2);

    /// <summary>Gets whether the link runs in flit mode.</summary>
    public bool FlitModeActive => PciRegisters.Bit(_registers.Word(0x32), 10);

    /// <summary>Gets the state of the component below: 0 and 1 link down, 2 present but link down, 4 link up, 5 up and ready.</summary>
    public int DownstreamComponent => PciRegisters.Field(_registers.Word(0x32), 12, 3);

    /// <summary>Gets whether the message that the device is ready has come (DRS).</summary>
    public bool DeviceReadinessReceived => PciRegisters.Bit(_registers.Word(0x32), 15);
}
