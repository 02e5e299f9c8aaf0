namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// A capability that is known by its place and id only: one that this library does not decode, or one that the bytes end in.
/// </summary>
public sealed class RawCapability : PciCapability
{
    internal RawCapability(in CapabilityHeader header, bool isTruncated)
        : base(header) => IsTruncated = isTruncated;

    /// <summary>Gets whether it would have been decoded, had its registers been read.</summary>
    public bool IsTruncated { get; }

    /// <summary>Gets the 16 bits that follow the id and the pointer (capability flags); null beyond the end of the bytes.</summary>
    public int? Flags => IsExtended ? null : Word(2);
}
