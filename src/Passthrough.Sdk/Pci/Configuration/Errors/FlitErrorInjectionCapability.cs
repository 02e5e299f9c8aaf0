using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The injection of flit errors (extended capability 0x0034; PCI Express 6.0, 7.7.14).</summary>
public sealed class FlitErrorInjectionCapability : PciCapability
{
    internal const int MinimumLength = 36;

    internal FlitErrorInjectionCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether errors are injected into flits (+8).</summary>
    public bool IsEnabled => Bit(DoubleWord(0x08), 0);

    /// <summary>Gets whether errors are injected into transmitted flits.</summary>
    public bool Transmit => Bit(DoubleWord(0x08), 1);

    /// <summary>Gets whether errors are injected into received flits.</summary>
    public bool Receive => Bit(DoubleWord(0x08), 2);

    /// <summary>Gets the data rates at which errors are injected, one bit each from 2.5 to 64 GT/s.</summary>
    public int Rates => Field(DoubleWord(0x08), 6, 6);

    /// <summary>Gets the number of errors to inject.</summary>
    public int ErrorCount => Field(DoubleWord(0x08), 16, 5);

    /// <summary>Gets the number of flits between two injected errors.</summary>
    public int Spacing => Field(DoubleWord(0x08), 21, 8);

    /// <summary>
    /// Gets the type of flits into which errors are injected: 0 for any, 1 for any but idle, 2 for payload, 3 for NOP, 4 for
    /// idle, 5 and 6 for payload with sequence numbers.
    /// </summary>
    public int FlitType => Field(DoubleWord(0x08), 29, 3);

    /// <summary>Gets the number of consecutive flits into which errors are injected (+12).</summary>
    public int Consecutive => Field(DoubleWord(0x0c), 0, 3);

    /// <summary>
    /// Gets the type of the injected errors: 0 for random, 1 for correctable in one group, 2 for correctable in three
    /// groups, 3 for uncorrectable.
    /// </summary>
    public int ErrorType => Field(DoubleWord(0x0c), 3, 2);

    /// <summary>Gets the offset of the error in the flit.</summary>
    public int FlitOffset => Field(DoubleWord(0x0c), 5, 7);

    /// <summary>Gets the magnitude of the error.</summary>
    public int Magnitude => Field(DoubleWord(0x0c), 12, 8);

    /// <summary>Gets the state of the injection into transmitted flits (+16).</summary>
    public FlitInjectionState TransmitState => (FlitInjectionState)Field(DoubleWord(0x10), 0, 2);

    /// <summary>Gets the state of the injection into received flits.</summary>
    public FlitInjectionState ReceiveState => (FlitInjectionState)Field(DoubleWord(0x10), 2, 2);

    /// <summary>Gets whether errors are injected into ordered sets (+20).</summary>
    public bool OrderedSetsEnabled => Bit(DoubleWord(0x14), 0);

    /// <summary>Gets whether errors are injected into transmitted ordered sets.</summary>
    public bool OrderedSetsTransmit => Bit(DoubleWord(0x14), 1);

    /// <summary>Gets whether errors are injected into received ordered sets.</summary>
    public bool OrderedSetsReceive => Bit(DoubleWord(0x14), 2);

    /// <summary>Gets the ordered sets into which errors are injected, and the states of the link in which this happens.</summary>
    public FlitOrderedSets OrderedSets => (FlitOrderedSets)Field(DoubleWord(0x14), 16, 14);

    /// <summary>Gets the bytes of an ordered set into which errors are injected, one bit for each byte (+24).</summary>
    public int OrderedSetBytes => Field(DoubleWord(0x18), 0, 16);

    /// <summary>Gets the lanes into which errors are injected, one bit for each lane.</summary>
    public int OrderedSetLanes => Field(DoubleWord(0x18), 16, 16);

    /// <summary>
    /// Gets the state of the injection into each kind of transmitted <see cref="OrderedSets"/>, in the order of its bits (+28).
    /// </summary>
    public ValueList<FlitInjectionState> OrderedSetTransmitStates => [.. States(DoubleWord(0x1c))];

    /// <summary>
    /// Gets the state of the injection into each kind of received <see cref="OrderedSets"/>, in the order of its bits (+32).
    /// </summary>
    public ValueList<FlitInjectionState> OrderedSetReceiveStates => [.. States(DoubleWord(0x20))];

    private static FlitInjectionState[] States(uint value) =>
        [.. Enumerable.Range(0, 14).Select(kind => (FlitInjectionState)Field(value, 2 * kind, 2))];
}
