namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// A capability of which only the place and the id are known: one that this library does not decode, or one that is cut off
/// by the end of the bytes.
/// </summary>
public sealed class RawCapability : PciCapability
{
    internal RawCapability(in CapabilityHeader header, bool isTruncated)
        : base(header) => IsTruncated = isTruncated;

    /// <summary>Gets whether the library would have decoded the capability if its registers had been read.</summary>
    public bool IsTruncated { get; }

    /// <summary>Gets the 16 bits that follow the id and the pointer (capability flags); null beyond the end of the bytes.</summary>
    public int? Flags => IsExtended ? null : Word(2);
}
