namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Multicast (extended capability 0x0012; PCI Express 6.0, 7.9.11).</summary>
public sealed class MulticastCapability : PciCapability
{
    internal const int MinimumLength = 48;

    internal MulticastCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the maximum number of multicast groups (+4).</summary>
    public int MaximumGroups => Field(Word(0x04), 0, 6) + 1;

    /// <summary>Gets the multicast window size that the function requests, as the base-2 logarithm of its bytes; endpoints only.</summary>
    public int WindowSizeRequested => Field(Word(0x04), 8, 6);

    /// <summary>Gets whether the port can regenerate end-to-end checksums (ECRCs); ports only.</summary>
    public bool EcrcRegenerationSupported => Bit(Word(0x04), 15);

    /// <summary>Gets the number of multicast groups in use (+6).</summary>
    public int GroupCount => Field(Word(0x06), 0, 6) + 1;

    /// <summary>Gets whether multicast is enabled.</summary>
    public bool IsEnabled => Bit(Word(0x06), 15);

    /// <summary>Gets the lowest address bit of the group number (+8).</summary>
    public int IndexPosition => Field(DoubleWord(0x08), 0, 6);

    /// <summary>Gets the base address of the multicast window.</summary>
    public ulong BaseAddress => QuadWord(0x08) & ~0xffful;

    /// <summary>Gets the groups from which the function receives, one bit for each group (+16).</summary>
    public ulong Receive => QuadWord(0x10);

    /// <summary>Gets the groups to which the function may not send, one bit for each group (+24).</summary>
    public ulong BlockAll => QuadWord(0x18);

    /// <summary>Gets the groups to which the function may not send with untranslated addresses, one bit for each group (+32).</summary>
    public ulong BlockUntranslated => QuadWord(0x20);

    /// <summary>
    /// Gets the size of the overlay window, as the base-2 logarithm of its bytes; below 6 if the overlay is disabled (+40). Ports only.
    /// </summary>
    public int OverlaySize => Field(DoubleWord(0x28), 0, 6);

    /// <summary>Gets the base address of the overlay window.</summary>
    public ulong OverlayAddress => QuadWord(0x28) & ~0x3ful;
}
