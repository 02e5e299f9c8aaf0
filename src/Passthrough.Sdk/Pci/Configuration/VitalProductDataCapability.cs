namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Access to the vital product data (capability 0x03; PCI 3.0, appendix I). The data itself is the sysfs file <c>vpd</c>.
/// </summary>
public sealed class VitalProductDataCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal VitalProductDataCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the offset of the last access to the data (+2).</summary>
    public int Address => Field(Word(0x02), 0, 15);

    /// <summary>Gets whether the last access is complete.</summary>
    public bool IsComplete => Bit(Word(0x02), 15);

    /// <summary>Gets the result of the last read (+4).</summary>
    public uint Data => DoubleWord(0x04);
}
