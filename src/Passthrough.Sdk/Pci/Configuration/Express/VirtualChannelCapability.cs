using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Virtual channels (extended capabilities 0x0002, 0x0009 and, for all functions of a device together, 0x0008; PCI Express
/// 6.0, 7.9.1 and 7.9.2).
/// </summary>
public sealed class VirtualChannelCapability : PciCapability
{
    internal const int MinimumLength = 28;

    internal VirtualChannelCapability(in CapabilityHeader header)
        : base(header)
    {
        Channels = [.. VirtualChannel.ReadAll(Registers(0x10), ExtendedChannelCount + 1)];
    }

    /// <summary>Gets the number of virtual channels in addition to channel 0 (port VC capability 1, +4).</summary>
    public int ExtendedChannelCount => Field(DoubleWord(0x04), 0, 3);

    /// <summary>Gets the number of additional virtual channels that belong to the low-priority group.</summary>
    public int LowPriorityExtendedChannelCount => Field(DoubleWord(0x04), 4, 3);

    /// <summary>Gets the code of the reference clock for time-based arbitration: 0 for 100 ns.</summary>
    public int ReferenceClock => Field(DoubleWord(0x04), 8, 2);

    /// <summary>Gets the size of an entry in the port arbitration table, in bits.</summary>
    public int ArbitrationTableEntryBits => 1 << Field(DoubleWord(0x04), 10, 2);

    /// <summary>
    /// Gets the supported arbitration schemes among the channels, one bit each: fixed, weighted round robin with 32, 64 and
    /// 128 phases (+8).
    /// </summary>
    public int ArbitrationSupported => Field(DoubleWord(0x08), 0, 8);

    /// <summary>Gets the offset of the arbitration table of the channels from this capability, in bytes; 0 if the capability has no such table.</summary>
    public int ArbitrationTableOffset => Field(DoubleWord(0x08), 24, 8) * 16;

    /// <summary>Gets the arbitration scheme in use (+12).</summary>
    public int ArbitrationSelect => Field(Word(0x0c), 1, 3);

    /// <summary>Gets whether a new arbitration table is being loaded (+14).</summary>
    public bool ArbitrationTableInProgress => Bit(Word(0x0e), 0);

    /// <summary>Gets the channels that could be read, channel 0 first.</summary>
    public ValueList<VirtualChannel> Channels { get; }
}
