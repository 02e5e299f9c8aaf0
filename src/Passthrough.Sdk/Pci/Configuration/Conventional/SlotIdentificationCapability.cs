namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The chassis and slots behind a bridge (capability 0x04; PCI-to-PCI Bridge 1.2, 13.4).</summary>
public sealed class SlotIdentificationCapability : PciCapability
{
    internal const int MinimumLength = 4;

    internal SlotIdentificationCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the number of expansion slots behind the bridge (+2).</summary>
    public int SlotCount => Field(Byte(0x02), 0, 5);

    /// <summary>Gets whether this is the first bridge of its chassis.</summary>
    public bool IsFirstInChassis => Bit(Byte(0x02), 5);

    /// <summary>Gets the number of the chassis (+3).</summary>
    public byte ChassisNumber => Byte(0x03);
}
