namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Slot registers of PCI Express (PCI Express 6.0, 7.5.3.9 to 7.5.3.11).</summary>
public sealed class PciExpressSlot
{
    private readonly PciRegisters _registers;

    internal PciExpressSlot(PciRegisters registers) => _registers = registers;

    /// <summary>Gets the features of the slot (slot capabilities, +20).</summary>
    public PciExpressSlotFeatures Features => (PciExpressSlotFeatures)(_registers.DoubleWord(0x14) & 0x6007fu);

    /// <summary>Gets the power that the slot may give, as <see cref="SlotPowerLimit"/> has it in watts.</summary>
    public int SlotPowerLimitValue => PciRegisters.Field(_registers.DoubleWord(0x14), 7, 8);

    /// <summary>Gets the unit of <see cref="SlotPowerLimitValue"/>: 0 1 W, 1 0.1 W, 2 0.01 W, 3 0.001 W.</summary>
    public int SlotPowerLimitScale => PciRegisters.Field(_registers.DoubleWord(0x14), 15, 2);

    /// <summary>Gets the power that the slot may give, in watts; null for more than 600 W.</summary>
    public decimal? SlotPowerLimit => SlotPower.Watts(SlotPowerLimitValue, SlotPowerLimitScale);

    /// <summary>Gets the number of the slot on the chassis; 0 for a device that is soldered on.</summary>
    public int PhysicalSlotNumber => PciRegisters.Field(_registers.DoubleWord(0x14), 19, 13);

    /// <summary>Gets the events it may tell of (slot control, +24).</summary>
    public PciExpressSlotEvents EventsEnabled => (PciExpressSlotEvents)(_registers.Word(0x18) & 0x103f);

    /// <summary>Gets the attention indicator.</summary>
    public PciExpressIndicator AttentionIndicator => (PciExpressIndicator)PciRegisters.Field(_registers.Word(0x18), 6, 2);

    /// <summary>Gets the power indicator.</summary>
    public PciExpressIndicator PowerIndicator => (PciExpressIndicator)PciRegisters.Field(_registers.Word(0x18), 8, 2);

    /// <summary>Gets whether the power controller keeps the slot off.</summary>
    public bool IsPowerOff => PciRegisters.Bit(_registers.Word(0x18), 10);

    /// <summary>Gets whether it turns the electromechanical interlock; reads as 0.</summary>
    public bool InterlockControl => PciRegisters.Bit(_registers.Word(0x18), 11);

    /// <summary>Gets the events that have happened (slot status, +26).</summary>
    public PciExpressSlotEvents Events => (PciExpressSlotEvents)((_registers.Word(0x1a) & 0x1f) | ((_registers.Word(0x1a) & 0x100) << 4));

    /// <summary>Gets whether the latch that holds the card is open.</summary>
    public bool IsRetentionLatchOpen => PciRegisters.Bit(_registers.Word(0x1a), 5);

    /// <summary>Gets whether there is a card in the slot.</summary>
    public bool IsOccupied => PciRegisters.Bit(_registers.Word(0x1a), 6);

    /// <summary>Gets whether the electromechanical interlock holds.</summary>
    public bool IsInterlockEngaged => PciRegisters.Bit(_registers.Word(0x1a), 7);
}
