namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The link registers of a PCI Express function (PCI Express 6.0, 7.5.3.6 to 7.5.3.8).</summary>
public sealed class PciExpressLink
{
    private readonly PciRegisters _registers;

    internal PciExpressLink(PciRegisters registers) => _registers = registers;

    /// <summary>
    /// Gets the code of the maximum link speed (link capabilities, +12): 1 for 2.5 GT/s, 2 for 5, 3 for 8, 4 for 16, 5 for
    /// 32, 6 for 64, 8 for 128.
    /// </summary>
    public int MaximumSpeedCode => PciRegisters.Field(_registers.DoubleWord(0x0c), 0, 4);

    /// <summary>Gets the maximum link speed in GT/s; null for a code that is not defined.</summary>
    public double? MaximumSpeed => LinkSpeed.GigatransfersPerSecond(MaximumSpeedCode);

    /// <summary>Gets the maximum link width, as a number of lanes.</summary>
    public int MaximumWidth => PciRegisters.Field(_registers.DoubleWord(0x0c), 4, 6);

    /// <summary>Gets the active state power management (ASPM) states that the link supports.</summary>
    public PciExpressAspm AspmSupported => (PciExpressAspm)PciRegisters.Field(_registers.DoubleWord(0x0c), 10, 2);

    /// <summary>Gets the L0s exit latency: 0 for up to 64 ns, doubled with each step up to 6 for 4 us, 7 for more.</summary>
    public int L0sExitLatency => PciRegisters.Field(_registers.DoubleWord(0x0c), 12, 3);

    /// <summary>Gets the L1 exit latency: 0 for up to 1 us, doubled with each step up to 6 for 64 us, 7 for more.</summary>
    public int L1ExitLatency => PciRegisters.Field(_registers.DoubleWord(0x0c), 15, 3);

    /// <summary>Gets whether the reference clock may be removed in L1.</summary>
    public bool ClockPowerManagement => PciRegisters.Bit(_registers.DoubleWord(0x0c), 18);

    /// <summary>Gets whether the port can report a surprise down error.</summary>
    public bool SurpriseDownReporting => PciRegisters.Bit(_registers.DoubleWord(0x0c), 19);

    /// <summary>Gets whether the port can report that the data link layer is active.</summary>
    public bool LinkActiveReporting => PciRegisters.Bit(_registers.DoubleWord(0x0c), 20);

    /// <summary>Gets whether the port can report changes of the link speed and width.</summary>
    public bool BandwidthNotification => PciRegisters.Bit(_registers.DoubleWord(0x0c), 21);

    /// <summary>Gets whether the function complies with the rules that make ASPM optional.</summary>
    public bool AspmOptionalityCompliance => PciRegisters.Bit(_registers.DoubleWord(0x0c), 22);

    /// <summary>Gets the port number.</summary>
    public int PortNumber => PciRegisters.Field(_registers.DoubleWord(0x0c), 24, 8);

    /// <summary>Gets the active state power management (ASPM) states that are enabled (link control, +16).</summary>
    public PciExpressAspm AspmControl => (PciExpressAspm)PciRegisters.Field(_registers.Word(0x10), 0, 2);

    /// <summary>Gets the read completion boundary in bytes; root ports, endpoints and bridges only.</summary>
    public int ReadCompletionBoundary => PciRegisters.Bit(_registers.Word(0x10), 3) ? 128 : 64;

    /// <summary>Gets whether the link is disabled.</summary>
    public bool LinkDisable => PciRegisters.Bit(_registers.Word(0x10), 4);

    /// <summary>Gets whether both ends of the link use a common reference clock.</summary>
    public bool CommonClock => PciRegisters.Bit(_registers.Word(0x10), 6);

    /// <summary>Gets whether the port sends additional ordered sets, which help external test equipment to synchronize.</summary>
    public bool ExtendedSynch => PciRegisters.Bit(_registers.Word(0x10), 7);

    /// <summary>Gets whether the reference clock may be removed when the link does not need it.</summary>
    public bool ClockPowerManagementEnable => PciRegisters.Bit(_registers.Word(0x10), 8);

    /// <summary>Gets whether the hardware is prevented from changing the link width autonomously.</summary>
    public bool HardwareAutonomousWidthDisable => PciRegisters.Bit(_registers.Word(0x10), 9);

    /// <summary>Gets whether the port interrupts when software or the hardware's reliability logic has changed the bandwidth.</summary>
    public bool BandwidthManagementInterruptEnable => PciRegisters.Bit(_registers.Word(0x10), 10);

    /// <summary>Gets whether the port interrupts when the hardware has changed the bandwidth autonomously.</summary>
    public bool AutonomousBandwidthInterruptEnable => PciRegisters.Bit(_registers.Word(0x10), 11);

    /// <summary>Gets whether flit mode is disabled.</summary>
    public bool FlitModeDisable => PciRegisters.Bit(_registers.Word(0x10), 13);

    /// <summary>Gets the code of the current link speed (link status, +18), coded as <see cref="MaximumSpeedCode"/>.</summary>
    public int SpeedCode => PciRegisters.Field(_registers.Word(0x12), 0, 4);

    /// <summary>Gets the current link speed in GT/s; null for a code that is not defined.</summary>
    public double? Speed => LinkSpeed.GigatransfersPerSecond(SpeedCode);

    /// <summary>Gets the number of lanes in use; 0 if nothing is connected.</summary>
    public int Width => PciRegisters.Field(_registers.Word(0x12), 4, 6);

    /// <summary>Gets whether link training has failed; obsolete.</summary>
    public bool TrainingError => PciRegisters.Bit(_registers.Word(0x12), 10);

    /// <summary>Gets whether link training is in progress.</summary>
    public bool LinkTraining => PciRegisters.Bit(_registers.Word(0x12), 11);

    /// <summary>Gets whether the component uses the reference clock that the slot supplies.</summary>
    public bool SlotClock => PciRegisters.Bit(_registers.Word(0x12), 12);

    /// <summary>Gets whether the data link layer is active.</summary>
    public bool DataLinkActive => PciRegisters.Bit(_registers.Word(0x12), 13);

    /// <summary>Gets whether the bandwidth was changed by software or to keep the link reliable.</summary>
    public bool BandwidthManagement => PciRegisters.Bit(_registers.Word(0x12), 14);

    /// <summary>Gets whether the hardware has changed the bandwidth autonomously.</summary>
    public bool AutonomousBandwidth => PciRegisters.Bit(_registers.Word(0x12), 15);
}
