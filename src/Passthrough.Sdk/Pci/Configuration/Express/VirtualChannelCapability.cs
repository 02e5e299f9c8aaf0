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

    /// <summary>Gets the channels beside channel 0 (port VC capability 1, +4).</summary>
    public int ExtendedChannelCount => Field(DoubleWord(0x04), 0, 3);

    /// <summary>Gets those of them with low priority.</summary>
    public int LowPriorityExtendedChannelCount => Field(DoubleWord(0x04), 4, 3);

    /// <summary>Gets the reference clock of the arbitration: 0 is 100 ns.</summary>
    public int ReferenceClock => Field(DoubleWord(0x04), 8, 2);

    /// <summary>Gets the bits of an entry of the port arbitration table.</summary>
    public int ArbitrationTableEntryBits => 1 << Field(DoubleWord(0x04), 10, 2);

    /// <summary>Gets the arbitrations among channels, a bit each: fixed, weighted round robin with 32, 64, 128 phases (+8).</summary>
    public int ArbitrationSupported => Field(DoubleWord(0x08), 0, 8);

    /// <summary>Gets where the arbitration table of the channels lies, from this capability, in bytes; 0 for none.</summary>
    public int ArbitrationTableOffset => Field(DoubleWord(0x08), 24, 8) * 16;

    /// <summary>Gets the arbitration in use (+12).</summary>
    public int ArbitrationSelect => Field(Word(0x0c), 1, 3);

    /// <summary>Gets whether a new table is being loaded (+14).</summary>
    public bool ArbitrationTableInProgress => Bit(Word(0x0e), 0);

    /// <summary>Gets the channels that could be read, channel 0 first.</summary>
    public ValueList<VirtualChannel> Channels { get; }
}
