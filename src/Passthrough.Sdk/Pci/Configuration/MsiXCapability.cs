namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>MSI-X (capability 0x11; PCI 3.0, 6.8.2).</summary>
public sealed class MsiXCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal MsiXCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether MSI-X is enabled (message control, +2).</summary>
    public bool IsEnabled => Bit(Word(0x02), 15);

    /// <summary>Gets whether all vectors of the function are masked.</summary>
    public bool IsFunctionMasked => Bit(Word(0x02), 14);

    /// <summary>Gets the number of vectors in the table.</summary>
    public int TableSize => Field(Word(0x02), 0, 11) + 1;

    /// <summary>Gets the number of the BAR that contains the table (+4).</summary>
    public int TableBar => Field(DoubleWord(0x04), 0, 3);

    /// <summary>Gets the offset of the table in that BAR, in bytes.</summary>
    public uint TableOffset => DoubleWord(0x04) & ~7u;

    /// <summary>Gets the number of the BAR that contains the pending bit array (+8).</summary>
    public int PendingBar => Field(DoubleWord(0x08), 0, 3);

    /// <summary>Gets the offset of the pending bit array in that BAR, in bytes.</summary>
    public uint PendingOffset => DoubleWord(0x08) & ~7u;
}
