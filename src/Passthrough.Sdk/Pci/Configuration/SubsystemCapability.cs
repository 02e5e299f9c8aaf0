namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The subsystem ids of the card to which a bridge belongs (capability 0x0d; PCI-to-PCI Bridge 1.2, 3.2.5.13).</summary>
public sealed class SubsystemCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal SubsystemCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the subsystem vendor id (+4).</summary>
    public ushort SubsystemVendorId => Word(0x04);

    /// <summary>Gets the subsystem id (+6).</summary>
    public ushort SubsystemDeviceId => Word(0x06);
}
