namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Features of PCI Express for a conventional function (capability 0x13; ECN Advanced Capabilities for Conventional PCI).
/// </summary>
public sealed class AdvancedFeaturesCapability : PciCapability
{
    internal const int MinimumLength = 6;

    internal AdvancedFeaturesCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the length of the structure in bytes (+2).</summary>
    public byte Length => Byte(0x02);

    /// <summary>Gets whether it reports whether transactions are pending (+3).</summary>
    public bool TransactionsPendingCapable => Bit(Byte(0x03), 0);

    /// <summary>Gets whether it can be reset alone (+3).</summary>
    public bool FunctionLevelResetCapable => Bit(Byte(0x03), 1);

    /// <summary>Gets whether it starts the reset when written; reads as 0 (+4).</summary>
    public bool InitiateFunctionLevelReset => Bit(Byte(0x04), 0);

    /// <summary>Gets whether one of its own transactions is pending (+5).</summary>
    public bool TransactionsPending => Bit(Byte(0x05), 0);
}
