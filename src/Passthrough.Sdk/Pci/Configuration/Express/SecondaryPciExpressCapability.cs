namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Secondary PCI Express, for 8 GT/s and above (extended capability 0x0019; PCI Express 6.0, 7.7.3).</summary>
public sealed class SecondaryPciExpressCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal SecondaryPciExpressCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the port performs equalization at the next link training (link control 3, +4).</summary>
    public bool PerformEqualization => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether the port interrupts when link equalization is requested.</summary>
    public bool EqualizationInterruptEnable => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets the lanes with errors, one bit for each lane (+8).</summary>
    public uint LaneErrors => DoubleWord(0x08);
}
