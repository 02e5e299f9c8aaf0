namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>L1 PM substates (extended capability 0x001e; PCI Express 6.0, 7.8.3).</summary>
public sealed class L1SubstatesCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal L1SubstatesCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether L1.2 is supported with PCI power management (PCI-PM; +4).</summary>
    public bool PciPmL12Supported => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether L1.1 is supported with PCI power management (PCI-PM).</summary>
    public bool PciPmL11Supported => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether L1.2 is supported with active state power management (ASPM).</summary>
    public bool AspmL12Supported => Bit(DoubleWord(0x04), 2);

    /// <summary>Gets whether L1.1 is supported with active state power management (ASPM).</summary>
    public bool AspmL11Supported => Bit(DoubleWord(0x04), 3);

    /// <summary>Gets whether the port supports L1 PM substates at all.</summary>
    public bool IsSupported => Bit(DoubleWord(0x04), 4);

    /// <summary>Gets the time that the port needs to restore the common mode voltage, in us; with L1.2 only.</summary>
    public int CommonModeRestoreTime => Field(DoubleWord(0x04), 8, 8);

    /// <summary>Gets the time that the port needs to power on, in us; null for an undefined unit. With L1.2 only.</summary>
    public int? PowerOnTime => Microseconds(Field(DoubleWord(0x04), 16, 2), Field(DoubleWord(0x04), 19, 5));

    /// <summary>Gets whether L1.2 is enabled with PCI power management (PCI-PM; +8).</summary>
    public bool PciPmL12Enable => Bit(DoubleWord(0x08), 0);

    /// <summary>Gets whether L1.1 is enabled with PCI power management (PCI-PM).</summary>
    public bool PciPmL11Enable => Bit(DoubleWord(0x08), 1);

    /// <summary>Gets whether L1.2 is enabled with active state power management (ASPM).</summary>
    public bool AspmL12Enable => Bit(DoubleWord(0x08), 2);

    /// <summary>Gets whether L1.1 is enabled with active state power management (ASPM).</summary>
    public bool AspmL11Enable => Bit(DoubleWord(0x08), 3);

    /// <summary>Gets the time that is allowed for restoring the common mode voltage, in us; downstream ports only.</summary>
    public int CommonModeRestoreTimeControl => Field(DoubleWord(0x08), 8, 8);

    /// <summary>Gets the latency tolerance from which the link enters L1.2, in ns; null for an undefined unit.</summary>
    public ulong? LtrThreshold => Field(DoubleWord(0x08), 29, 3) is <= 5 and var scale ? (ulong)Field(DoubleWord(0x08), 16, 10) << (5 * scale) : null;

    /// <summary>Gets the time that is allowed for powering on, in us (+12); null for an undefined unit.</summary>
    public int? PowerOnTimeControl => Microseconds(Field(DoubleWord(0x0c), 0, 2), Field(DoubleWord(0x0c), 3, 5));

    private static int? Microseconds(int scale, int value) => scale switch
    {
        0 => value * 2,
        1 => value * 10,
        2 => value * 100,
        _ => null,
    };
}
