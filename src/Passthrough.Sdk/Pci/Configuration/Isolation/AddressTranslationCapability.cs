namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Address translation services (extended capability 0x000f; PCI Express 6.0, 10.5.1).</summary>
public sealed class AddressTranslationCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal AddressTranslationCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the number of invalidations that it can queue; 0 stands for 32 (+4).</summary>
    public int InvalidateQueueDepth => Field(Word(0x04), 0, 5);

    /// <summary>Gets whether its requests are always aligned to 4096 bytes.</summary>
    public bool PageAlignedRequest => Bit(Word(0x04), 5);

    /// <summary>Gets whether it can drop translations of all address spaces at once.</summary>
    public bool GlobalInvalidateSupported => Bit(Word(0x04), 6);

    /// <summary>Gets whether its requests may be reordered.</summary>
    public bool RelaxedOrderingSupported => Bit(Word(0x04), 7);

    /// <summary>Gets the smallest unit of a translation: 4096 bytes, doubled this often (+6).</summary>
    public int SmallestTranslationUnit => Field(Word(0x06), 0, 5);

    /// <summary>Gets whether it may keep translations itself.</summary>
    public bool IsEnabled => Bit(Word(0x06), 15);
}
