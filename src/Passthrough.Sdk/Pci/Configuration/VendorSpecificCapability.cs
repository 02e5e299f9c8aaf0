namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A capability with a vendor-specific layout (capability 0x09; PCI 3.0, appendix H).</summary>
public sealed class VendorSpecificCapability : PciCapability
{
    internal const int MinimumLength = 4;

    internal VendorSpecificCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the length of the structure in bytes (+2), as the vendor reports it.</summary>
    public byte Length => Byte(0x02);

    /// <summary>Gets the bytes of the structure from its first byte, as far as they were read.</summary>
    public ReadOnlyMemory<byte> Content => Registers(0).Slice(0, Math.Min((int)Length, Registers(0).Available));
}
