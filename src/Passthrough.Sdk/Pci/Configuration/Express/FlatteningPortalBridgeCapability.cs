namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Bus numbers and memory spread flat over a hierarchy (capability 0x15; PCI Express 6.0, 7.8.10).</summary>
public sealed class FlatteningPortalBridgeCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal FlatteningPortalBridgeCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether it can forward by requester id (+4).</summary>
    public bool RidDecodeSupported => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether it can forward memory below 4 GiB by a vector.</summary>
    public bool MemoryLowDecodeSupported => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether it can forward memory above 4 GiB by a vector.</summary>
    public bool MemoryHighDecodeSupported => Bit(DoubleWord(0x04), 2);
}
