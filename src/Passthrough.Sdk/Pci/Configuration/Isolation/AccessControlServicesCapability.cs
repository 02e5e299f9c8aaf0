namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Access control services, ACS (extended capability 0x000d; PCI Express 6.0, 7.7.11), which control whether functions can
/// reach one another without passing the IOMMU. Functions that lack these services share an IOMMU group.
/// </summary>
public sealed class AccessControlServicesCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal AccessControlServicesCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the access controls that the function supports (+4).</summary>
    public AccessControls Supported => (AccessControls)(Word(0x04) & 0xff);

    /// <summary>Gets the size of the egress control vector in bits; 0 stands for 256 if egress control is supported.</summary>
    public int EgressControlVectorSize => Field(Word(0x04), 8, 8);

    /// <summary>Gets the access controls that are enabled (+6).</summary>
    public AccessControls Enabled => (AccessControls)(Word(0x06) & 0x1fff);
}
