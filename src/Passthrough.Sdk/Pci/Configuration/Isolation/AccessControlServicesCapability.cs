namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Access control services (extended capability 0x000d; PCI Express 6.0, 7.7.11): whether functions can reach one another
/// past the IOMMU. Groups are made of what lacks this.
/// </summary>
public sealed class AccessControlServicesCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal AccessControlServicesCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the capabilities of the function (+4).</summary>
    public AccessControls Supported => (AccessControls)(Word(0x04) & 0xff);

    /// <summary>Gets the bits of the egress control vector; 0 stands for 256 if egress control is supported.</summary>
    public int EgressControlVectorSize => Field(Word(0x04), 8, 8);

    /// <summary>Gets the enabled features (+6).</summary>
    public AccessControls Enabled => (AccessControls)(Word(0x06) & 0x1fff);
}
