namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Native PCIe enclosure management (NPEM), which controls the lights of a drive bay (extended capability 0x0029; PCI
/// Express 6.0, 7.9.19).
/// </summary>
public sealed class EnclosureManagementCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal EnclosureManagementCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the states that the enclosure can show (+4).</summary>
    public EnclosureStates Supported => (EnclosureStates)(DoubleWord(0x04) & 0xfff);

    /// <summary>Gets the states that the enclosure is requested to show (+8).</summary>
    public EnclosureStates Shown => (EnclosureStates)(DoubleWord(0x08) & 0xfff);

    /// <summary>Gets whether the last command is complete (+12).</summary>
    public bool CommandCompleted => Bit(DoubleWord(0x0c), 0);
}
