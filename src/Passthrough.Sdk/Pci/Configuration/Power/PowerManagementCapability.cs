namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Power management (capability 0x01; PCI Bus Power Management Interface Specification 1.2, 3.2).</summary>
public sealed class PowerManagementCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal PowerManagementCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the version of the register layout (PMC, +2): 1 for 1.0, 2 for 1.1, 3 for 1.2.</summary>
    public int SpecificationVersion => Field(Word(0x02), 0, 3);

    /// <summary>Gets whether it needs the PCI clock to signal PME#.</summary>
    public bool NeedsClockForPme => Bit(Word(0x02), 3);

    /// <summary>Gets whether it needs a device-specific initialisation after a reset.</summary>
    public bool NeedsDeviceSpecificInitialization => Bit(Word(0x02), 5);

    /// <summary>Gets the current it may draw from 3.3Vaux in D3cold, in mA.</summary>
    public int AuxCurrent => AuxCurrents[Field(Word(0x02), 6, 3)];

    /// <summary>Gets whether it has the power state D1.</summary>
    public bool SupportsD1 => Bit(Word(0x02), 9);

    /// <summary>Gets whether it has the power state D2.</summary>
    public bool SupportsD2 => Bit(Word(0x02), 10);

    /// <summary>Gets the power states it can signal PME# from.</summary>
    public PowerStates PmeStates => (PowerStates)Field(Word(0x02), 11, 5);

    /// <summary>Gets the power state it is in (PMCSR, +4): 0 for D0 to 3 for D3hot.</summary>
    public int PowerState => Field(Word(0x04), 0, 2);

    /// <summary>Gets whether it keeps its state on the way from D3hot to D0. A function without this is reset by that way.</summary>
    public bool NoSoftReset => Bit(Word(0x04), 3);

    /// <summary>Gets whether it may signal PME#.</summary>
    public bool PmeEnable => Bit(Word(0x04), 8);

    /// <summary>Gets the meaning of <see cref="Data"/>.</summary>
    public int DataSelect => Field(Word(0x04), 9, 4);

    /// <summary>Gets the unit of <see cref="Data"/>: 0 unknown, 1 0.1 W, 2 0.01 W, 3 0.001 W.</summary>
    public int DataScale => Field(Word(0x04), 13, 2);

    /// <summary>Gets whether it signals PME#, or would.</summary>
    public bool PmeStatus => Bit(Word(0x04), 15);

    /// <summary>Gets whether it stops the clock of the bus behind it in D3hot (PMCSR_BSE, +6); bridges only.</summary>
    public bool BridgeB2 => Bit(Byte(0x06), 6);

    /// <summary>Gets whether it manages the power of the bus behind it (PMCSR_BSE, +6); bridges only.</summary>
    public bool BridgePowerControl => Bit(Byte(0x06), 7);

    /// <summary>Gets the register PMCSR_BSE (+6) as a whole; 0 on all but bridges.</summary>
    public byte BridgeExtensions => Byte(0x06);

    /// <summary>Gets the data register (+7): power consumed or dissipated, as <see cref="DataSelect"/> says.</summary>
    public byte Data => Byte(0x07);

    private static ReadOnlySpan<int> AuxCurrents => [0, 55, 100, 160, 220, 270, 320, 375];
}
