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

    /// <summary>Gets whether the function needs the PCI clock to signal PME#.</summary>
    public bool NeedsClockForPme => Bit(Word(0x02), 3);

    /// <summary>Gets whether the function needs device-specific initialization after a reset.</summary>
    public bool NeedsDeviceSpecificInitialization => Bit(Word(0x02), 5);

    /// <summary>Gets the current that the function may draw from 3.3Vaux in D3cold, in mA.</summary>
    public int AuxCurrent => AuxCurrents[Field(Word(0x02), 6, 3)];

    /// <summary>Gets whether the function supports the power state D1.</summary>
    public bool SupportsD1 => Bit(Word(0x02), 9);

    /// <summary>Gets whether the function supports the power state D2.</summary>
    public bool SupportsD2 => Bit(Word(0x02), 10);

    /// <summary>Gets the power states from which the function can signal PME#.</summary>
    public PowerStates PmeStates => (PowerStates)Field(Word(0x02), 11, 5);

    /// <summary>Gets the current power state (PMCSR, +4): 0 for D0 to 3 for D3hot.</summary>
    public int PowerState => Field(Word(0x04), 0, 2);

    /// <summary>
    /// Gets whether the function keeps its state on the transition from D3hot to D0. A function without this bit is reset by
    /// that transition.
    /// </summary>
    public bool NoSoftReset => Bit(Word(0x04), 3);

    /// <summary>Gets whether the function may signal PME#.</summary>
    public bool PmeEnable => Bit(Word(0x04), 8);

    /// <summary>Gets the selected meaning of <see cref="Data"/>.</summary>
    public int DataSelect => Field(Word(0x04), 9, 4);

    /// <summary>Gets the unit of <see cref="Data"/>: 0 for unknown, 1 for 0.1 W, 2 for 0.01 W, 3 for 0.001 W.</summary>
    public int DataScale => Field(Word(0x04), 13, 2);

    /// <summary>Gets whether the function signals PME#, or would signal it if it were enabled.</summary>
    public bool PmeStatus => Bit(Word(0x04), 15);

    /// <summary>Gets whether the bridge stops the clock of the secondary bus in D3hot (PMCSR_BSE, +6); bridges only.</summary>
    public bool BridgeB2 => Bit(Byte(0x06), 6);

    /// <summary>Gets whether the bridge controls the power and clock of the secondary bus (PMCSR_BSE, +6); bridges only.</summary>
    public bool BridgePowerControl => Bit(Byte(0x06), 7);

    /// <summary>Gets the register PMCSR_BSE (+6) as a whole; 0 for all functions except bridges.</summary>
    public byte BridgeExtensions => Byte(0x06);

    /// <summary>Gets the data register (+7), the power consumed or dissipated, as selected by <see cref="DataSelect"/>.</summary>
    public byte Data => Byte(0x07);

    private static ReadOnlySpan<int> AuxCurrents => [0, 55, 100, 160, 220, 270, 320, 375];
}
