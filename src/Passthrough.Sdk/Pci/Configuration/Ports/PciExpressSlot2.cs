namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The second set of slot registers of a PCI Express port (PCI Express 6.0, 7.5.3.21 to 7.5.3.23).</summary>
public sealed class PciExpressSlot2
{
    private readonly PciRegisters _registers;

    internal PciExpressSlot2(PciRegisters registers) => _registers = registers;

    /// <summary>Gets whether in-band presence detection can be disabled (slot capabilities 2, +52).</summary>
    public bool InBandPresenceDisableSupported => PciRegisters.Bit(_registers.DoubleWord(0x34), 0);

    /// <summary>Gets whether in-band presence detection is disabled (slot control 2, +56).</summary>
    public bool InBandPresenceDisable => PciRegisters.Bit(_registers.Word(0x38), 0);
}
