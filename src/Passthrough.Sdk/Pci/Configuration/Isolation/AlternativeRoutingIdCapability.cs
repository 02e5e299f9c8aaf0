namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Alternative routing-ID interpretation, ARI, which allows up to 256 functions (extended capability 0x000e; PCI Express
/// 6.0, 7.8.8).
/// </summary>
public sealed class AlternativeRoutingIdCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal AlternativeRoutingIdCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the device supports function groups for virtual channel arbitration (+4).</summary>
    public bool MulticastGroupsCapable => Bit(Word(0x04), 0);

    /// <summary>Gets whether the device supports function groups for access control services.</summary>
    public bool AccessControlGroupsCapable => Bit(Word(0x04), 1);

    /// <summary>Gets the number of the next function; 0 for the last function.</summary>
    public int NextFunction => Field(Word(0x04), 8, 8);

    /// <summary>Gets whether function groups for virtual channel arbitration are enabled (+6).</summary>
    public bool MulticastGroupsEnable => Bit(Word(0x06), 0);

    /// <summary>Gets whether function groups for access control services are enabled.</summary>
    public bool AccessControlGroupsEnable => Bit(Word(0x06), 1);

    /// <summary>Gets the number of the function's group.</summary>
    public int FunctionGroup => Field(Word(0x06), 4, 3);
}
