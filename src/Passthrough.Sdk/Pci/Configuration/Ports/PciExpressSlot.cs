namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The slot registers of a PCI Express port (PCI Express 6.0, 7.5.3.9 to 7.5.3.11).</summary>
public sealed class PciExpressSlot
{
    private readonly PciRegisters _registers;

    internal PciExpressSlot(PciRegisters registers) => _registers = registers;

    /// <summary>Gets the features of the slot (slot capabilities, +20).</summary>
    public PciExpressSlotFeatures Features => (PciExpressSlotFeatures)(_registers.DoubleWord(0x14) & 0x6007fu);

    /// <summary>Gets the power that the slot may supply, as a raw value; <see cref="SlotPowerLimit"/> is the same in watts.</summary>
    public int SlotPowerLimitValue => PciRegisters.Field(_registers.DoubleWord(0x14), 7, 8);

    /// <summary>Gets the unit of <see cref="SlotPowerLimitValue"/>: 0 for 1 W, 1 for 0.1 W, 2 for 0.01 W, 3 for 0.001 W.</summary>
    public int SlotPowerLimitScale => PciRegisters.Field(_registers.DoubleWord(0x14), 15, 2);

    /// <summary>Gets the power that the slot may supply, in watts; null for more than 600 W.</summary>
    public decimal? SlotPowerLimit => SlotPower.Watts(SlotPowerLimitValue, SlotPowerLimitScale);

    /// <summary>Gets the physical number of the slot in the chassis; 0 for a soldered device.</summary>
    public int PhysicalSlotNumber => PciRegisters.Field(_registers.DoubleWord(0x14), 19, 13);

    /// <summary>Gets the events that the port may report (slot control, +24).</summary>
    public PciExpressSlotEvents EventsEnabled => (PciExpressSlotEvents)(_registers.Word(0x18) & 0x103f);

    /// <summary>Gets the state of the attention indicator.</summary>
    public PciExpressIndicator AttentionIndicator => (PciExpressIndicator)PciRegisters.Field(_registers.Word(0x18), 6, 2);

    /// <summary>Gets the state of the power indicator.</summary>
    public PciExpressIndicator PowerIndicator => (PciExpressIndicator)PciRegisters.Field(_registers.Word(0x18), 8, 2);

    /// <summary>Gets whether the power controller has turned the slot's power off.</summary>
    public bool IsPowerOff => PciRegisters.Bit(_registers.Word(0x18), 10);

    /// <summary>Gets the bit that toggles the electromechanical interlock; it reads as 0.</summary>
    public bool InterlockControl => PciRegisters.Bit(_registers.Word(0x18), 11);

    /// <summary>Gets the events that the port has detected (slot status, +26).</summary>
    public PciExpressSlotEvents Events => (PciExpressSlotEvents)((_registers.Word(0x1a) & 0x1f) | ((_registers.Word(0x1a) & 0x100) << 4));

    /// <summary>Gets whether the manually operated retention latch (MRL) is open.</summary>
    public bool IsRetentionLatchOpen => PciRegisters.Bit(_registers.Word(0x1a), 5);

    /// <summary>Gets whether a card is present in the slot.</summary>
    public bool IsOccupied => PciRegisters.Bit(_registers.Word(0x1a), 6);

    /// <summary>Gets whether the electromechanical interlock is engaged.</summary>
    public bool IsInterlockEngaged => PciRegisters.Bit(_registers.Word(0x1a), 7);
}
