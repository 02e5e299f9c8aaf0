namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Flattening portal bridge (FPB), which lays out the bus numbers and memory of a hierarchy flat (capability 0x15; PCI
/// Express 6.0, 7.8.10).
/// </summary>
public sealed class FlatteningPortalBridgeCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal FlatteningPortalBridgeCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the bridge can decode routing IDs (RIDs) with a vector (+4).</summary>
    public bool RidDecodeSupported => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether the bridge can decode memory below 4 GiB with a vector.</summary>
    public bool MemoryLowDecodeSupported => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether the bridge can decode memory above 4 GiB with a vector.</summary>
    public bool MemoryHighDecodeSupported => Bit(DoubleWord(0x04), 2);
}
