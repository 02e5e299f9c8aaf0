namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>An extended capability with a vendor-specific layout (extended capability 0x000b; PCI Express 6.0, 7.9.5).</summary>
public sealed class ExtendedVendorSpecificCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal ExtendedVendorSpecificCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the id of the structure, as the vendor assigned it (+4).</summary>
    public ushort StructureId => Word(0x04);

    /// <summary>Gets the revision of the structure.</summary>
    public int Revision => Field(DoubleWord(0x04), 16, 4);

    /// <summary>Gets the length of the structure in bytes, including its header.</summary>
    public int Length => Field(DoubleWord(0x04), 20, 12);

    /// <summary>Gets the bytes of the structure from its first byte, as far as they were read.</summary>
    public ReadOnlyMemory<byte> Content => Registers(0).Slice(0, Math.Min(Length, Registers(0).Available));
}
