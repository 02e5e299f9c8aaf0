namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The PCI-X registers of a function that is not a bridge (capability 0x07; PCI-X Addendum 2.0, 7.2).</summary>
public sealed class PciXCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal PciXCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the function may recover from data parity errors (command, +2).</summary>
    public bool DataParityErrorRecovery => Bit(Word(0x02), 0);

    /// <summary>Gets whether the function may set the relaxed ordering attribute in its requests.</summary>
    public bool RelaxedOrdering => Bit(Word(0x02), 1);

    /// <summary>Gets the largest memory read that the function may start, in bytes.</summary>
    public int MaximumReadByteCount => 512 << Field(Word(0x02), 2, 2);

    /// <summary>Gets the number of split transactions that the function may have outstanding.</summary>
    public int MaximumSplitTransactions => SplitTransactions[Field(Word(0x02), 4, 3)];

    /// <summary>Gets the number of the bus, as the function has captured it (status, +4).</summary>
    public byte Bus => (byte)Field(DoubleWord(0x04), 8, 8);

    /// <summary>Gets the device number, as the function has captured it.</summary>
    public int Device => Field(DoubleWord(0x04), 3, 5);

    /// <summary>Gets the function number, as the function reports it.</summary>
    public int Function => Field(DoubleWord(0x04), 0, 3);

    /// <summary>Gets the capabilities and errors of the function.</summary>
    public PciXStatus Status => (PciXStatus)(DoubleWord(0x04) & 0xe01f0000u);

    /// <summary>Gets the largest memory read that the function is designed for, in bytes.</summary>
    public int DesignedReadByteCount => 512 << Field(DoubleWord(0x04), 21, 2);

    /// <summary>Gets the number of outstanding split transactions that the function is designed for.</summary>
    public int DesignedSplitTransactions => SplitTransactions[Field(DoubleWord(0x04), 23, 3)];

    /// <summary>Gets the cumulative size of outstanding reads that the function is designed for, in units of 128 bytes.</summary>
    public int DesignedCumulativeReadSize => 8 << Field(DoubleWord(0x04), 26, 3);

    private static ReadOnlySpan<int> SplitTransactions => [1, 2, 3, 4, 8, 12, 16, 32];
}
