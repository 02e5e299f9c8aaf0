namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Multicast (extended capability 0x0012; PCI Express 6.0, 7.9.11).</summary>
public sealed class MulticastCapability : PciCapability
{
    internal const int MinimumLength = 48;

    internal MulticastCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the groups that it can have (+4).</summary>
    public int MaximumGroups => Field(Word(0x04), 0, 6) + 1;

    /// <summary>Gets the logarithm of the bytes that it wants for a group; endpoints only.</summary>
    public int WindowSizeRequested => Field(Word(0x04), 8, 6);

    /// <summary>Gets whether it can regenerate end-to-end checksums; ports only.</summary>
    public bool EcrcRegenerationSupported => Bit(Word(0x04), 15);

    /// <summary>Gets the groups in use (+6).</summary>
    public int GroupCount => Field(Word(0x06), 0, 6) + 1;

    /// <summary>Gets whether multicast is on.</summary>
    public bool IsEnabled => Bit(Word(0x06), 15);

    /// <summary>Gets the lowest address bit that tells the group (+8).</summary>
    public int IndexPosition => Field(DoubleWord(0x08), 0, 6);

    /// <summary>Gets where the window of multicast begins.</summary>
    public ulong BaseAddress => QuadWord(0x08) & ~0xffful;

    /// <summary>Gets the groups that the function takes part in, a bit each (+16).</summary>
    public ulong Receive => QuadWord(0x10);

    /// <summary>Gets the groups that it may not send to (+24).</summary>
    public ulong BlockAll => QuadWord(0x18);

    /// <summary>Gets the groups that it may not send to with untranslated addresses (+32).</summary>
    public ulong BlockUntranslated => QuadWord(0x20);

    /// <summary>Gets the logarithm of the bytes of the overlay window; below 6: none (+40). Ports only.</summary>
    public int OverlaySize => Field(DoubleWord(0x28), 0, 6);

    /// <summary>Gets where the overlay window begins.</summary>
    public ulong OverlayAddress => QuadWord(0x28) & ~0x3ful;
}
