using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Injection of flit errors (extended capability 0x0034; PCI Express 6.0, 7.7.14).</summary>
public sealed class FlitErrorInjectionCapability : PciCapability
{
    internal const int MinimumLength = 36;

    internal FlitErrorInjectionCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether errors are injected into flits (+8).</summary>
    public bool IsEnabled => Bit(DoubleWord(0x08), 0);

    /// <summary>Gets whether errors are injected into flits that are sent.</summary>
    public bool Transmit => Bit(DoubleWord(0x08), 1);

    /// <summary>Gets whether errors are injected into flits that are received.</summary>
    public bool Receive => Bit(DoubleWord(0x08), 2);

    /// <summary>Gets the rates, a bit each from 2.5 to 64 GT/s.</summary>
    public int Rates => Field(DoubleWord(0x08), 6, 6);

    /// <summary>Gets the number.</summary>
    public int ErrorCount => Field(DoubleWord(0x08), 16, 5);

    /// <summary>Gets how many flits apart.</summary>
    public int Spacing => Field(DoubleWord(0x08), 21, 8);

    /// <summary>Gets the into which flits: 0 any, 1 any but idle, 2 payload, 3 NOP, 4 idle, 5 and 6 payload with sequence numbers.</summary>
    public int FlitType => Field(DoubleWord(0x08), 29, 3);

    /// <summary>Gets how many in a row (+12).</summary>
    public int Consecutive => Field(DoubleWord(0x0c), 0, 3);

    /// <summary>Gets the kind of the errors: 0 random, 1 correctable in one group, 2 correctable in three groups, 3 uncorrectable.</summary>
    public int ErrorType => Field(DoubleWord(0x0c), 3, 2);

    /// <summary>Gets the position in the flit.</summary>
    public int FlitOffset => Field(DoubleWord(0x0c), 5, 7);

    /// <summary>Gets the size.</summary>
    public int Magnitude => Field(DoubleWord(0x0c), 12, 8);

    /// <summary>Gets the state of what is sent (+16).</summary>
    public FlitInjectionState TransmitState => (FlitInjectionState)Field(DoubleWord(0x10), 0, 2);

    /// <summary>Gets the state of what is received.</summary>
    public FlitInjectionState ReceiveState => (FlitInjectionState)Field(DoubleWord(0x10), 2, 2);

    /// <summary>Gets whether errors are injected into ordered sets (+20).</summary>
    public bool OrderedSetsEnabled => Bit(DoubleWord(0x14), 0);

    /// <summary>Gets whether errors are injected into ordered sets that are sent.</summary>
    public bool OrderedSetsTransmit => Bit(DoubleWord(0x14), 1);

    /// <summary>Gets whether errors are injected into ordered sets that are received.</summary>
    public bool OrderedSetsReceive => Bit(DoubleWord(0x14), 2);

    /// <summary>Gets the into which ordered sets, and in which states of the link.</summary>
    public FlitOrderedSets OrderedSets => (FlitOrderedSets)Field(DoubleWord(0x14), 16, 14);

    /// <summary>Gets the into which bytes, a bit each (+24).</summary>
    public int OrderedSetBytes => Field(DoubleWord(0x18), 0, 16);

    /// <summary>Gets the into which lanes, a bit each.</summary>
    public int OrderedSetLanes => Field(DoubleWord(0x18), 16, 16);

    /// <summary>Gets the state of each kind of <see cref="OrderedSets"/> that is sent, in the order of its bits (+28).</summary>
    public ValueList<FlitInjectionState> OrderedSetTransmitStates => [.. States(DoubleWord(0x1c))];

    /// <summary>Gets the state of each kind of <see cref="OrderedSets"/> that is received (+32).</summary>
    public ValueList<FlitInjectionState> OrderedSetReceiveStates => [.. States(DoubleWord(0x20))];

    private static FlitInjectionState[] States(uint value) =>
        [.. Enumerable.Range(0, 14).Select(kind => (FlitInjectionState)Field(value, 2 * kind, 2))];
}
