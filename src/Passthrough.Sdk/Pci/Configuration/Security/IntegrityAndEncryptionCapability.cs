using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Integrity and data encryption, IDE (extended capability 0x0030; PCI Express 6.0, 7.9.26).</summary>
public sealed class IntegrityAndEncryptionCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal IntegrityAndEncryptionCapability(in CapabilityHeader header)
        : base(header)
    {
        var (registers, links) = IdeLinkStreamBlock.ReadAll(Registers(12), LinkStreamCount);
        LinkStreams = [.. links];
        SelectiveStreams = [.. links.Count == LinkStreamCount ? IdeSelectiveStreamBlock.ReadAll(registers, SelectiveStreamCount) : []];
    }

    /// <summary>Gets the supported features (+4).</summary>
    public IdeFeatures Supported => (IdeFeatures)(DoubleWord(4) & 0x030000ffu);

    /// <summary>Gets the code of the supported algorithms; 0 is AES-GCM with 256-bit keys and 96-bit tags.</summary>
    public int Algorithms => Field(DoubleWord(4), 8, 5);

    /// <summary>Gets the number of traffic classes for which link streams are supported.</summary>
    public int TrafficClasses => Field(DoubleWord(4), 13, 3) + 1;

    /// <summary>Gets the number of link streams; 0 if there are none.</summary>
    public int LinkStreamCount => (Supported & IdeFeatures.LinkStreams) != 0 ? TrafficClasses : 0;

    /// <summary>Gets the number of selective streams, between two functions; 0 if there are none.</summary>
    public int SelectiveStreamCount => (Supported & IdeFeatures.SelectiveStreams) != 0 ? Field(DoubleWord(4), 16, 8) + 1 : 0;

    /// <summary>Gets whether encrypted packets pass through the port without being decrypted (+8).</summary>
    public bool FlowThroughEnable => Bit(DoubleWord(8), 2);

    /// <summary>Gets the link streams that could be read.</summary>
    public ValueList<IdeLinkStreamBlock> LinkStreams { get; }

    /// <summary>Gets the selective streams that could be read.</summary>
    public ValueList<IdeSelectiveStreamBlock> SelectiveStreams { get; }
}
