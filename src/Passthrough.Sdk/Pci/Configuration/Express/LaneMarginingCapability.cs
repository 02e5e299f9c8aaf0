namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Lane margining at the receiver (extended capability 0x0027; PCI Express 6.0, 7.7.7).</summary>
public sealed class LaneMarginingCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal LaneMarginingCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether margining needs driver software (+4).</summary>
    public bool UsesDriver => Bit(Word(0x04), 0);

    /// <summary>Gets whether the port is ready for margining (+6).</summary>
    public bool IsReady => Bit(Word(0x06), 0);

    /// <summary>Gets whether the margining software is ready, too.</summary>
    public bool IsSoftwareReady => Bit(Word(0x06), 1);
}
