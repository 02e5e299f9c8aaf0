using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Log of flit errors (extended capability 0x0032; PCI Express 6.0, 7.7.13).</summary>
public sealed class FlitLoggingCapability : PciCapability
{
    internal const int MinimumLength = 60;

    internal FlitLoggingCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether an error is logged (+4).</summary>
    public bool IsValid => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets the width of the link then: 0 x1, 1 x2, 2 x4, 3 x8, 4 x16.</summary>
    public int LinkWidth => Field(DoubleWord(0x04), 1, 3);

    /// <summary>Gets the flits since the last one in error.</summary>
    public int FlitOffset => Field(DoubleWord(0x04), 4, 4);

    /// <summary>Gets the flits in error right after it.</summary>
    public int ConsecutiveErrors => Field(DoubleWord(0x04), 8, 5);

    /// <summary>Gets whether there are more errors.</summary>
    public bool MoreEntries => Bit(DoubleWord(0x04), 13);

    /// <summary>Gets whether the flit was not recognized.</summary>
    public bool UnrecognizedFlit => Bit(DoubleWord(0x04), 14);

    /// <summary>Gets whether the error could not be corrected.</summary>
    public bool Uncorrectable => Bit(DoubleWord(0x04), 15);

    /// <summary>Gets the parity syndromes of the three groups.</summary>
    public ValueList<byte> SyndromeParity => [Byte(0x06), Byte(0x08), Byte(0x0a)];

    /// <summary>Gets the check syndromes of the three groups.</summary>
    public ValueList<byte> SyndromeCheck => [Byte(0x07), Byte(0x09), Byte(0x0b)];

    /// <summary>Gets whether it counts errors (+12).</summary>
    public bool CounterEnable => Bit(Word(0x0c), 0);

    /// <summary>Gets whether it interrupts by the count.</summary>
    public bool CounterInterruptEnable => Bit(Word(0x0c), 1);

    /// <summary>Gets the kind of the counted errors.</summary>
    public int CounterEvents => Field(Word(0x0c), 2, 2);

    /// <summary>Gets the count that interrupts.</summary>
    public int CounterTrigger => Field(Word(0x0c), 4, 8);

    /// <summary>Gets the width of the link when counting began (+14).</summary>
    public int CounterLinkWidth => Field(Word(0x0e), 0, 3);

    /// <summary>Gets whether the count has interrupted.</summary>
    public bool CounterInterrupt => Bit(Word(0x0e), 3);

    /// <summary>Gets the count.</summary>
    public int ErrorCount => Field(Word(0x0e), 8, 8);

    /// <summary>Gets whether it measures the rate of bit errors (+16).</summary>
    public bool MeasurementEnable => Bit(DoubleWord(0x10), 0);

    /// <summary>Gets the kind of the measured flits: 0 all, 1 even, 2 odd, 3 mismatches.</summary>
    public int MeasurementGranularity => Field(DoubleWord(0x10), 2, 2);

    /// <summary>Gets the flits measured (+20).</summary>
    public uint FlitCount => DoubleWord(0x14);

    /// <summary>Gets the invalid flits among them (+24).</summary>
    public ushort InvalidFlitCount => Word(0x18);

    /// <summary>Gets the corrected errors of each of 16 lanes (+28).</summary>
    public ValueList<ushort> LaneErrors => [.. Enumerable.Range(0, 16).Select(lane => Word(0x1c + (2 * lane)))];
}
