using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Enhanced allocation (EA): resources at fixed addresses instead of BARs (capability 0x14; PCI Express 6.0, 7.8.5).</summary>
public sealed class EnhancedAllocationCapability : PciCapability
{
    internal const int MinimumLength = 4;

    internal EnhancedAllocationCapability(in CapabilityHeader header)
        : base(header)
    {
        EntryCount = Field(Word(0x02), 0, 6);
        IsBridge = header.Function is BridgeHeader;
        Entries = [.. EnhancedAllocationEntry.ReadAll(Registers(IsBridge ? 8 : 4), EntryCount)];
    }

    /// <summary>Gets the number of entries that the function reports (+2).</summary>
    public int EntryCount { get; }

    /// <summary>Gets whether the function is a bridge, whose bus numbers are fixed, too.</summary>
    public bool IsBridge { get; }

    /// <summary>Gets the number of the secondary bus of a bridge (+4); null for other functions.</summary>
    public byte? FixedSecondaryBus => IsBridge && Has(0x04, 1) ? Byte(0x04) : null;

    /// <summary>Gets the number of the subordinate bus of a bridge (+5); null for other functions.</summary>
    public byte? FixedSubordinateBus => IsBridge && Has(0x05, 1) ? Byte(0x05) : null;

    /// <summary>Gets the entries that could be read.</summary>
    public ValueList<EnhancedAllocationEntry> Entries { get; }
}
