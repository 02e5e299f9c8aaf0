namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>PCI-X of a function that is not a bridge (capability 0x07; PCI-X Addendum 2.0, 7.2).</summary>
public sealed class PciXCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal PciXCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether it may go on after a parity error of data (command, +2).</summary>
    public bool DataParityErrorRecovery => Bit(Word(0x02), 0);

    /// <summary>Gets whether it may let transactions overtake one another.</summary>
    public bool RelaxedOrdering => Bit(Word(0x02), 1);

    /// <summary>Gets the longest memory read that it may start, in bytes.</summary>
    public int MaximumReadByteCount => 512 << Field(Word(0x02), 2, 2);

    /// <summary>Gets the split transactions that it may have open.</summary>
    public int MaximumSplitTransactions => SplitTransactions[Field(Word(0x02), 4, 3)];

    /// <summary>Gets the bus it takes itself to be on (status, +4).</summary>
    public byte Bus => (byte)Field(DoubleWord(0x04), 8, 8);

    /// <summary>Gets the device number it takes itself to have.</summary>
    public int Device => Field(DoubleWord(0x04), 3, 5);

    /// <summary>Gets the function number it takes itself to have.</summary>
    public int Function => Field(DoubleWord(0x04), 0, 3);

    /// <summary>Gets its capabilities and errors.</summary>
    public PciXStatus Status => (PciXStatus)(DoubleWord(0x04) & 0xe01f0000u);

    /// <summary>Gets the longest memory read that it was made for, in bytes.</summary>
    public int DesignedReadByteCount => 512 << Field(DoubleWord(0x04), 21, 2);

    /// <summary>Gets the split transactions that it was made for.</summary>
    public int DesignedSplitTransactions => SplitTransactions[Field(DoubleWord(0x04), 23, 3)];

    /// <summary>Gets the bytes of all its reads together that it was made for, in units of 128 bytes.</summary>
    public int DesignedCumulativeReadSize => 8 << Field(DoubleWord(0x04), 26, 3);

    private static ReadOnlySpan<int> SplitTransactions => [1, 2, 3, 4, 8, 12, 16, 32];
}
