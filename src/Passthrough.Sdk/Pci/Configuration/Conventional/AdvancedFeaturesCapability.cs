namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Features of PCI Express for a function of conventional PCI (capability 0x13; ECN Advanced Capabilities for Conventional PCI).
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

    /// <summary>Gets whether the function reports pending transactions (+3).</summary>
    public bool TransactionsPendingCapable => Bit(Byte(0x03), 0);

    /// <summary>Gets whether the function supports function-level reset (FLR; +3).</summary>
    public bool FunctionLevelResetCapable => Bit(Byte(0x03), 1);

    /// <summary>Gets the bit that initiates a function-level reset; it reads as 0 (+4).</summary>
    public bool InitiateFunctionLevelReset => Bit(Byte(0x04), 0);

    /// <summary>Gets whether the function has transactions pending (+5).</summary>
    public bool TransactionsPending => Bit(Byte(0x05), 0);
}
