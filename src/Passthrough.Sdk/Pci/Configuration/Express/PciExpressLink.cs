namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Link registers of PCI Express (PCI Express 6.0, 7.5.3.6 to 7.5.3.8).</summary>
public sealed class PciExpressLink
{
    private readonly PciRegisters _registers;

    internal PciExpressLink(PciRegisters registers) => _registers = registers;

    /// <summary>Gets the highest speed (link capabilities, +12) as the register has it: 1 2.5 GT/s, 2 5, 3 8, 4 16, 5 32, 6 64, 8 128.</summary>
    public int MaximumSpeedCode => PciRegisters.Field(_registers.DoubleWord(0x0c), 0, 4);

    /// <summary>Gets the highest speed in GT/s; null for a code that is not defined.</summary>
    public double? MaximumSpeed => LinkSpeed.GigatransfersPerSecond(MaximumSpeedCode);

    /// <summary>Gets the maximum number of lanes.</summary>
    public int MaximumWidth => PciRegisters.Field(_registers.DoubleWord(0x0c), 4, 6);

    /// <summary>Gets the sleep states that the link can enter on its own.</summary>
    public PciExpressAspm AspmSupported => (PciExpressAspm)PciRegisters.Field(_registers.DoubleWord(0x0c), 10, 2);

    /// <summary>Gets how long leaving L0s takes: 0 up to 64 ns, doubled with each step up to 6 4 us, 7 more.</summary>
    public int L0sExitLatency => PciRegisters.Field(_registers.DoubleWord(0x0c), 12, 3);

    /// <summary>Gets how long leaving L1 takes: 0 up to 1 us, doubled with each step up to 6 64 us, 7 more.</summary>
    public int L1ExitLatency => PciRegisters.Field(_registers.DoubleWord(0x0c), 15, 3);

    /// <summary>Gets whether the reference clock may be taken away in L1.</summary>
    public bool ClockPowerManagement => PciRegisters.Bit(_registers.DoubleWord(0x0c), 18);

    /// <summary>Gets whether it reports a link that goes down without notice.</summary>
    public bool SurpriseDownReporting => PciRegisters.Bit(_registers.DoubleWord(0x0c), 19);

    /// <summary>Gets whether it reports whether the data link layer is active.</summary>
    public bool LinkActiveReporting => PciRegisters.Bit(_registers.DoubleWord(0x0c), 20);

    /// <summary>Gets whether it reports changes of speed and width.</summary>
    public bool BandwidthNotification => PciRegisters.Bit(_registers.DoubleWord(0x0c), 21);

    /// <summary>Gets whether it follows the rules of optional sleep states.</summary>
    public bool AspmOptionalityCompliance => PciRegisters.Bit(_registers.DoubleWord(0x0c), 22);

    /// <summary>Gets the number of the port.</summary>
    public int PortNumber => PciRegisters.Field(_registers.DoubleWord(0x0c), 24, 8);

    /// <summary>Gets the sleep states that it may enter on its own (link control, +16).</summary>
    public PciExpressAspm AspmControl => (PciExpressAspm)PciRegisters.Field(_registers.Word(0x10), 0, 2);

    /// <summary>Gets the read completion boundary in bytes; root ports, endpoints and bridges only.</summary>
    public int ReadCompletionBoundary => PciRegisters.Bit(_registers.Word(0x10), 3) ? 128 : 64;

    /// <summary>Gets whether the link is switched off.</summary>
    public bool LinkDisable => PciRegisters.Bit(_registers.Word(0x10), 4);

    /// <summary>Gets whether both ends run on one clock.</summary>
    public bool CommonClock => PciRegisters.Bit(_registers.Word(0x10), 6);

    /// <summary>Gets whether it sends more ordered sets, for test equipment.</summary>
    public bool ExtendedSynch => PciRegisters.Bit(_registers.Word(0x10), 7);

    /// <summary>Gets whether the clock may be taken away.</summary>
    public bool ClockPowerManagementEnable => PciRegisters.Bit(_registers.Word(0x10), 8);

    /// <summary>Gets whether the hardware may not change the width on its own.</summary>
    public bool HardwareAutonomousWidthDisable => PciRegisters.Bit(_registers.Word(0x10), 9);

    /// <summary>Gets whether it interrupts when the bandwidth was changed.</summary>
    public bool BandwidthManagementInterruptEnable => PciRegisters.Bit(_registers.Word(0x10), 10);

    /// <summary>Gets whether it interrupts when the hardware changed the bandwidth on its own.</summary>
    public bool AutonomousBandwidthInterruptEnable => PciRegisters.Bit(_registers.Word(0x10), 11);

    /// <summary>Gets whether flit mode is not to be used.</summary>
    public bool FlitModeDisable => PciRegisters.Bit(_registers.Word(0x10), 13);

    /// <summary>Gets the speed in use (link status, +18), coded as <see cref="MaximumSpeedCode"/>.</summary>
    public int SpeedCode => PciRegisters.Field(_registers.Word(0x12), 0, 4);

    /// <summary>Gets the speed in use in GT/s; null for a code that is not defined.</summary>
    public double? Speed => LinkSpeed.GigatransfersPerSecond(SpeedCode);

    /// <summary>Gets the lanes in use; 0 if nothing is connected.</summary>
    public int Width => PciRegisters.Field(_registers.Word(0x12), 4, 6);

    /// <summary>Gets whether training has failed; obsolete.</summary>
    public bool TrainingError => PciRegisters.Bit(_registers.Word(0x12), 10);

    /// <summary>Gets whether the link is being trained.</summary>
    public bool LinkTraining => PciRegisters.Bit(_registers.Word(0x12), 11);

    /// <summary>Gets whether it runs on the clock of the slot.</summary>
    public bool SlotClock => PciRegisters.Bit(_registers.Word(0x12), 12);

    /// <summary>Gets whether the data link layer is active.</summary>
    public bool DataLinkActive => PciRegisters.Bit(_registers.Word(0x12), 13);

    /// <summary>Gets whether the bandwidth was changed by software or for reliability.</summary>
    public bool BandwidthManagement => PciRegisters.Bit(_registers.Word(0x12), 14);

    /// <summary>Gets whether the hardware has changed the bandwidth on its own.</summary>
    public bool AutonomousBandwidth => PciRegisters.Bit(_registers.Word(0x12), 15);
}
