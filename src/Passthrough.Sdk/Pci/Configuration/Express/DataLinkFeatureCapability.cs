namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Features of the data link layer (extended capability 0x0025; PCI Express 6.0, 7.7.4).</summary>
public sealed class DataLinkFeatureCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal DataLinkFeatureCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the port supports scaled flow control (+4).</summary>
    public bool LocalScaledFlowControl => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether the port exchanges its data link features with the link partner.</summary>
    public bool ExchangeEnable => Bit(DoubleWord(0x04), 31);

    /// <summary>Gets whether the link partner supports scaled flow control (+8).</summary>
    public bool RemoteScaledFlowControl => Bit(DoubleWord(0x08), 0);

    /// <summary>Gets whether the features of the link partner have been received.</summary>
    public bool RemoteIsValid => Bit(DoubleWord(0x08), 31);
}
