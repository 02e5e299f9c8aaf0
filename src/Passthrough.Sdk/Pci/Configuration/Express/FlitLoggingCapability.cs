using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The log of flit errors (extended capability 0x0032; PCI Express 6.0, 7.7.13).</summary>
public sealed class FlitLoggingCapability : PciCapability
{
    internal const int MinimumLength = 60;

    internal FlitLoggingCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the error log holds an entry (+4).</summary>
    public bool IsValid => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets the link width at the time of the error: 0 for x1, 1 for x2, 2 for x4, 3 for x8, 4 for x16.</summary>
    public int LinkWidth => Field(DoubleWord(0x04), 1, 3);

    /// <summary>Gets the number of flits since the last flit in error.</summary>
    public int FlitOffset => Field(DoubleWord(0x04), 4, 4);

    /// <summary>Gets the number of consecutive flits in error that follow it.</summary>
    public int ConsecutiveErrors => Field(DoubleWord(0x04), 8, 5);

    /// <summary>Gets whether the log holds more entries.</summary>
    public bool MoreEntries => Bit(DoubleWord(0x04), 13);

    /// <summary>Gets whether the flit was not recognized.</summary>
    public bool UnrecognizedFlit => Bit(DoubleWord(0x04), 14);

    /// <summary>Gets whether the error could not be corrected.</summary>
    public bool Uncorrectable => Bit(DoubleWord(0x04), 15);

    /// <summary>Gets the parity syndromes of the three ECC groups.</summary>
    public ValueList<byte> SyndromeParity => [Byte(0x06), Byte(0x08), Byte(0x0a)];

    /// <summary>Gets the check syndromes of the three ECC groups.</summary>
    public ValueList<byte> SyndromeCheck => [Byte(0x07), Byte(0x09), Byte(0x0b)];

    /// <summary>Gets whether the flit error counter is enabled (+12).</summary>
    public bool CounterEnable => Bit(Word(0x0c), 0);

    /// <summary>Gets whether the flit error counter generates interrupts.</summary>
    public bool CounterInterruptEnable => Bit(Word(0x0c), 1);

    /// <summary>Gets the code of the kind of errors that are counted.</summary>
    public int CounterEvents => Field(Word(0x0c), 2, 2);

    /// <summary>Gets the count at which the counter generates an interrupt.</summary>
    public int CounterTrigger => Field(Word(0x0c), 4, 8);

    /// <summary>Gets the link width when the counter started (+14), coded as <see cref="LinkWidth"/>.</summary>
    public int CounterLinkWidth => Field(Word(0x0e), 0, 3);

    /// <summary>Gets whether the counter has generated an interrupt.</summary>
    public bool CounterInterrupt => Bit(Word(0x0e), 3);

    /// <summary>Gets the number of errors that were counted.</summary>
    public int ErrorCount => Field(Word(0x0e), 8, 8);

    /// <summary>Gets whether the measurement of the bit error rate is enabled (+16).</summary>
    public bool MeasurementEnable => Bit(DoubleWord(0x10), 0);

    /// <summary>Gets the flits that are measured: 0 for all, 1 for even, 2 for odd, 3 for mismatches.</summary>
    public int MeasurementGranularity => Field(DoubleWord(0x10), 2, 2);

    /// <summary>Gets the number of measured flits (+20).</summary>
    public uint FlitCount => DoubleWord(0x14);

    /// <summary>Gets the number of invalid flits among the measured flits (+24).</summary>
    public ushort InvalidFlitCount => Word(0x18);

    /// <summary>Gets the number of corrected errors for each of the 16 lanes (+28).</summary>
    public ValueList<ushort> LaneErrors => [.. Enumerable.Range(0, 16).Select(lane => Word(0x1c + (2 * lane)))];
}
