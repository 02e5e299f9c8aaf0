namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Message signaled interrupts, MSI (capability 0x05; PCI 3.0, 6.8.1).</summary>
public sealed class MsiCapability : PciCapability
{
    internal const int MinimumLength = 10;

    internal MsiCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether MSI is enabled (message control, +2).</summary>
    public bool IsEnabled => Bit(Word(0x02), 0);

    /// <summary>Gets the number of vectors that the function requests.</summary>
    public int VectorsRequested => 1 << Field(Word(0x02), 1, 3);

    /// <summary>Gets the number of vectors that are enabled for the function.</summary>
    public int VectorsEnabled => 1 << Field(Word(0x02), 4, 3);

    /// <summary>Gets whether the function can write to addresses above 4 GiB.</summary>
    public bool Is64Bit => Bit(Word(0x02), 7);

    /// <summary>Gets whether vectors can be masked individually.</summary>
    public bool IsMaskable => Bit(Word(0x02), 8);

    /// <summary>Gets whether the function can send 32 bits of message data (PCI Express 4.0).</summary>
    public bool SupportsExtendedData => Bit(Word(0x02), 9);

    /// <summary>Gets whether the function sends 32 bits of message data.</summary>
    public bool ExtendedDataEnable => Bit(Word(0x02), 10);

    /// <summary>Gets the message address, to which an interrupt is written (+4).</summary>
    public ulong Address => Is64Bit ? QuadWord(0x04) : DoubleWord(0x04);

    /// <summary>
    /// Gets the message data, which is written there (+8, or +12 with 64-bit addresses); null beyond the end of the bytes.
    /// </summary>
    public ushort? Data => Has(Is64Bit ? 12 : 8, 2) ? Word(Is64Bit ? 12 : 8) : null;

    /// <summary>Gets the vectors that are masked, one bit for each vector; null if vectors cannot be masked.</summary>
    public uint? Mask => IsMaskable && Has(Is64Bit ? 16 : 12, 4) ? DoubleWord(Is64Bit ? 16 : 12) : null;

    /// <summary>Gets the masked vectors that are pending, one bit for each vector; null if vectors cannot be masked.</summary>
    public uint? Pending => IsMaskable && Has(Is64Bit ? 20 : 16, 4) ? DoubleWord(Is64Bit ? 20 : 16) : null;
}
