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

    /// <summary>Gets the algorithms, as a code; 0 is AES-GCM with keys of 256 bits and tags of 96 bits.</summary>
    public int Algorithms => Field(DoubleWord(4), 8, 5);

    /// <summary>Gets the traffic classes that a link stream can be had for.</summary>
    public int TrafficClasses => Field(DoubleWord(4), 13, 3) + 1;

    /// <summary>Gets the streams of the link as a whole; 0 if there are none.</summary>
    public int LinkStreamCount => (Supported & IdeFeatures.LinkStreams) != 0 ? TrafficClasses : 0;

    /// <summary>Gets the streams between two functions; 0 if there are none.</summary>
    public int SelectiveStreamCount => (Supported & IdeFeatures.SelectiveStreams) != 0 ? Field(DoubleWord(4), 16, 8) + 1 : 0;

    /// <summary>Gets whether encrypted packets flow through a port without being opened (+8).</summary>
    public bool FlowThroughEnable => Bit(DoubleWord(8), 2);

    /// <summary>Gets the streams of the link that could be read.</summary>
    public ValueList<IdeLinkStreamBlock> LinkStreams { get; }

    /// <summary>Gets the selective streams that could be read.</summary>
    public ValueList<IdeSelectiveStreamBlock> SelectiveStreams { get; }
}
