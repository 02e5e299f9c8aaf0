using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The links of a root complex element (extended capability 0x0005; PCI Express 6.0, 7.9.8).</summary>
public sealed class RootComplexLinkCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal RootComplexLinkCapability(in CapabilityHeader header)
        : base(header)
    {
        Links = [.. RootComplexLink.ReadAll(Registers(0x10), LinkCount)];
    }

    /// <summary>
    /// Gets the type of the element: 0 for configuration space, 1 for an egress port or memory, 2 for an internal link (+4).
    /// </summary>
    public int ElementType => Field(DoubleWord(0x04), 0, 4);

    /// <summary>Gets the number of links that the element reports.</summary>
    public int LinkCount => Field(DoubleWord(0x04), 8, 8);

    /// <summary>Gets the ID of the physical component that contains the element.</summary>
    public byte ComponentId => (byte)Field(DoubleWord(0x04), 16, 8);

    /// <summary>Gets the port number of the element.</summary>
    public byte PortNumber => (byte)Field(DoubleWord(0x04), 24, 8);

    /// <summary>Gets the links that could be read.</summary>
    public ValueList<RootComplexLink> Links { get; }
}
