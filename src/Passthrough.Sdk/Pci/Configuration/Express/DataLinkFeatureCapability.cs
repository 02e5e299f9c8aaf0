namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Features of the data link layer (extended capability 0x0025; PCI Express 6.0, 7.7.4).</summary>
public sealed class DataLinkFeatureCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal DataLinkFeatureCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether it can scale its flow control (+4).</summary>
    public bool LocalScaledFlowControl => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether it exchanges its features with the other side.</summary>
    public bool ExchangeEnable => Bit(DoubleWord(0x04), 31);

    /// <summary>Gets whether the other side can scale its flow control (+8).</summary>
    public bool RemoteScaledFlowControl => Bit(DoubleWord(0x08), 0);

    /// <summary>Gets whether the other side has said anything.</summary>
    public bool RemoteIsValid => Bit(DoubleWord(0x08), 31);
}
