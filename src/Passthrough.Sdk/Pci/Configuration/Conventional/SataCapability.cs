namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The location of the index and data registers of a SATA host bus adapter (capability 0x12; Serial ATA AHCI 1.3, 2.1).</summary>
public sealed class SataCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal SataCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the major revision (+2).</summary>
    public int MajorVersion => Field(Word(0x02), 4, 4);

    /// <summary>Gets the minor revision.</summary>
    public int MinorVersion => Field(Word(0x02), 0, 4);

    /// <summary>Gets the number of the BAR that contains the registers (+4); null if they are elsewhere.</summary>
    public int? Bar => Field(DoubleWord(0x04), 0, 4) is >= 4 and <= 9 and var location ? location - 4 : null;

    /// <summary>Gets whether the registers follow this capability in the configuration space.</summary>
    public bool IsInConfigurationSpace => Field(DoubleWord(0x04), 0, 4) == 15;

    /// <summary>Gets the offset of the registers in that BAR, in units of 4 bytes.</summary>
    public int RegisterOffset => Field(DoubleWord(0x04), 4, 20);
}
