namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Slot registers 2 of PCI Express (PCI Express 6.0, 7.5.3.21 to 7.5.3.23).</summary>
public sealed class PciExpressSlot2
{
    private readonly PciRegisters _registers;

    internal PciExpressSlot2(PciRegisters registers) => _registers = registers;

    /// <summary>Gets whether it need not detect a card by its link (slot capabilities 2, +52).</summary>
    public bool InBandPresenceDisableSupported => PciRegisters.Bit(_registers.DoubleWord(0x34), 0);

    /// <summary>Gets whether it does not detect a card by its link (slot control 2, +56).</summary>
    public bool InBandPresenceDisable => PciRegisters.Bit(_registers.Word(0x38), 0);
}
