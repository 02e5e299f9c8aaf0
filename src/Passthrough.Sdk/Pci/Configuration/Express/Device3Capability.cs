namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Device registers 3 of PCI Express (extended capability 0x002f; PCI Express 6.1, 7.7.9).</summary>
public sealed class Device3Capability : PciCapability
{
    internal const int MinimumLength = 16;

    internal Device3Capability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether it can forward deferrable memory writes (+4).</summary>
    public bool DmwrRoutingSupported => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether it can answer requests with tags of 14 bits.</summary>
    public bool Tag14CompleterSupported => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether it can send requests with tags of 14 bits.</summary>
    public bool Tag14RequesterSupported => Bit(DoubleWord(0x04), 2);

    /// <summary>Gets whether it can switch lanes off while the link is up (L0p).</summary>
    public bool L0pSupported => Bit(DoubleWord(0x04), 3);

    /// <summary>Gets how long the port takes to bring lanes back: 0 less than 1 us, doubled with each step up to 7 more than 64 us.</summary>
    public int PortL0pExitLatency => Field(DoubleWord(0x04), 4, 3);

    /// <summary>Gets how long the retimers take.</summary>
    public int RetimerL0pExitLatency => Field(DoubleWord(0x04), 7, 3);

    /// <summary>Gets whether it can answer unordered memory accesses.</summary>
    public bool UioCompleterSupported => Bit(DoubleWord(0x04), 10);

    /// <summary>Gets whether it can send unordered memory accesses.</summary>
    public bool UioRequesterSupported => Bit(DoubleWord(0x04), 11);

    /// <summary>Gets whether it may send deferrable memory writes (+8).</summary>
    public bool DmwrRequesterEnable => Bit(Word(0x08), 0);

    /// <summary>Gets whether it blocks deferrable memory writes.</summary>
    public bool DmwrEgressBlocking => Bit(Word(0x08), 1);

    /// <summary>Gets whether it may send requests with tags of 14 bits.</summary>
    public bool Tag14RequesterEnable => Bit(Word(0x08), 2);

    /// <summary>Gets whether it may switch lanes off.</summary>
    public bool L0pEnable => Bit(Word(0x08), 3);

    /// <summary>Gets the width to aim at: 0 x1, 1 x2, 2 x4, 3 x8, 4 x16, 7 as needed.</summary>
    public int TargetLinkWidth => Field(Word(0x08), 4, 3);

    /// <summary>Gets whether it may send unordered memory accesses.</summary>
    public bool UioRequesterEnable => Bit(Word(0x08), 7);

    /// <summary>Gets whether unordered requests may cross 256 bytes.</summary>
    public bool UioBoundary256Disable => Bit(Word(0x08), 8);

    /// <summary>Gets the width that the link came up with (+12), coded as <see cref="TargetLinkWidth"/>.</summary>
    public int InitialLinkWidth => Field(Word(0x0c), 0, 3);

    /// <summary>Gets whether it knows its segment.</summary>
    public bool SegmentCaptured => Bit(Word(0x0c), 3);

    /// <summary>Gets whether the other side can switch lanes off.</summary>
    public bool RemoteL0pSupported => Bit(Word(0x0c), 4);
}
