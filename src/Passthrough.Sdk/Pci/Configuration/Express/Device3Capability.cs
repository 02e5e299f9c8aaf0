namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The third set of device registers of a PCI Express function (extended capability 0x002f; PCI Express 6.1, 7.7.9).</summary>
public sealed class Device3Capability : PciCapability
{
    internal const int MinimumLength = 16;

    internal Device3Capability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the port can route deferrable memory writes (DMWr; +4).</summary>
    public bool DmwrRoutingSupported => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether the completer supports 14-bit tags.</summary>
    public bool Tag14CompleterSupported => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether the requester supports 14-bit tags.</summary>
    public bool Tag14RequesterSupported => Bit(DoubleWord(0x04), 2);

    /// <summary>Gets whether the port can turn lanes off while the link is up (L0p).</summary>
    public bool L0pSupported => Bit(DoubleWord(0x04), 3);

    /// <summary>Gets the L0p exit latency of the port: 0 for less than 1 us, doubled with each step up to 7 for more than 64 us.</summary>
    public int PortL0pExitLatency => Field(DoubleWord(0x04), 4, 3);

    /// <summary>Gets the L0p exit latency of the retimers, coded as <see cref="PortL0pExitLatency"/>.</summary>
    public int RetimerL0pExitLatency => Field(DoubleWord(0x04), 7, 3);

    /// <summary>Gets whether the function can complete unordered I/O (UIO) requests.</summary>
    public bool UioCompleterSupported => Bit(DoubleWord(0x04), 10);

    /// <summary>Gets whether the function can send unordered I/O (UIO) requests.</summary>
    public bool UioRequesterSupported => Bit(DoubleWord(0x04), 11);

    /// <summary>Gets whether the function may send deferrable memory writes (DMWr; +8).</summary>
    public bool DmwrRequesterEnable => Bit(Word(0x08), 0);

    /// <summary>Gets whether the port blocks outgoing deferrable memory writes (DMWr).</summary>
    public bool DmwrEgressBlocking => Bit(Word(0x08), 1);

    /// <summary>Gets whether the requester may use 14-bit tags.</summary>
    public bool Tag14RequesterEnable => Bit(Word(0x08), 2);

    /// <summary>Gets whether the port may turn lanes off while the link is up (L0p).</summary>
    public bool L0pEnable => Bit(Word(0x08), 3);

    /// <summary>Gets the target link width: 0 for x1, 1 for x2, 2 for x4, 3 for x8, 4 for x16, 7 for a width that adapts to need.</summary>
    public int TargetLinkWidth => Field(Word(0x08), 4, 3);

    /// <summary>Gets whether the function may send unordered I/O (UIO) requests.</summary>
    public bool UioRequesterEnable => Bit(Word(0x08), 7);

    /// <summary>Gets whether unordered I/O (UIO) requests may cross a 256-byte boundary.</summary>
    public bool UioBoundary256Disable => Bit(Word(0x08), 8);

    /// <summary>Gets the link width after the initial training (+12), coded as <see cref="TargetLinkWidth"/>.</summary>
    public int InitialLinkWidth => Field(Word(0x0c), 0, 3);

    /// <summary>Gets whether the function has captured its segment number.</summary>
    public bool SegmentCaptured => Bit(Word(0x0c), 3);

    /// <summary>Gets whether the link partner supports turning lanes off (L0p).</summary>
    public bool RemoteL0pSupported => Bit(Word(0x0c), 4);
}
