namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Address translation services, ATS (extended capability 0x000f; PCI Express 6.0, 10.5.1).</summary>
public sealed class AddressTranslationCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal AddressTranslationCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the number of invalidate requests that the function can queue; 0 stands for 32 (+4).</summary>
    public int InvalidateQueueDepth => Field(Word(0x04), 0, 5);

    /// <summary>Gets whether the function aligns the addresses of its translation requests to 4096 bytes.</summary>
    public bool PageAlignedRequest => Bit(Word(0x04), 5);

    /// <summary>Gets whether the function can invalidate the translations of all address spaces at once.</summary>
    public bool GlobalInvalidateSupported => Bit(Word(0x04), 6);

    /// <summary>Gets whether the function's translation requests may use relaxed ordering.</summary>
    public bool RelaxedOrderingSupported => Bit(Word(0x04), 7);

    /// <summary>Gets the smallest translation unit, as the number of times that 4096 bytes are doubled (+6).</summary>
    public int SmallestTranslationUnit => Field(Word(0x06), 0, 5);

    /// <summary>Gets whether the function may cache translations.</summary>
    public bool IsEnabled => Bit(Word(0x06), 15);
}
