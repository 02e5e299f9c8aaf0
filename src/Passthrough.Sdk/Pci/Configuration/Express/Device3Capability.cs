namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Device registers 3 of PCI Express (extended capability 0x002f; PCI Express 6.1, 7.7.9).</summary>
public sealed class Device3Capability : PciCapability
{
    internal const int MinimumLength = 16;

    internal Device3Capability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Can forward deferrable memory writes (+4).</summary>
    public bool DmwrRoutingSupported => Bit(DoubleWord(0x04), 0);

    /// <summary>Can answer requests with tags of 14 bits.</summary>
    public bool Tag14CompleterSupported => Bit(DoubleWord(0x04), 1);

    /// <summary>Can send requests with tags of 14 bits.</summary>
    public bool Tag14RequesterSupported => Bit(DoubleWord(0x04), 2);

    /// <summary>Can switch lanes off while the link is up (L0p).</summary>
    public bool L0pSupported => Bit(DoubleWord(0x04), 3);

    /// <summary>How long the port takes to bring lanes back: 0 less than 1 us, doubled with each step up to 7 more than 64 us.</summary>
    public int PortL0pExitLatency => Field(DoubleWord(0x04), 4, 3);

    /// <summary>How long the retimers take.</summary>
    public int RetimerL0pExitLatency => Field(DoubleWord(0x04), 7, 3);

    /// <summary>Can answer unordered memory accesses.</summary>
    public bool UioCompleterSupported => Bit(DoubleWord(0x04), 10);

    /// <summary>Can send unordered memory accesses.</summary>
    public bool UioRequesterSupported => Bit(DoubleWord(0x04), 11);

    /// <summary>May send deferrable memory writes (+8).</summary>
    public bool DmwrRequesterEnable => Bit(Word(0x08), 0);

    /// <summary>Blocks deferrable memory writes.</summary>
    public bool DmwrEgressBlocking => Bit(Word(0x08), 1);

    /// <summary>May send requests with tags of 14 bits.</summary>
    public bool Tag14RequesterEnable => Bit(Word(0x08), 2);

    /// <summary>May switch lanes off.</summary>
    public bool L0pEnable => Bit(Word(0x08), 3);

    /// <summary>Width to aim at: 0 x1, 1 x2, 2 x4, 3 x8, 4 x16, 7 as needed.</summary>
    public int TargetLinkWidth => Field(Word(0x08), 4, 3);

    /// <summary>May send unordered memory accesses.</summary>
    public bool UioRequesterEnable => Bit(Word(0x08), 7);

    /// <summary>Unordered requests may cross 256 bytes.</summary>
    public bool UioBoundary256Disable => Bit(Word(0x08), 8);

    /// <summary>Width that the link came up with (+12), coded as <see cref="TargetLinkWidth"/>.</summary>
    public int InitialLinkWidth => Field(Word(0x0c), 0, 3);

    /// <summary>Knows its segment.</summary>
    public bool SegmentCaptured => Bit(Word(0x0c), 3);

    /// <summary>The other side can switch lanes off.</summary>
    public bool RemoteL0pSupported => Bit(Word(0x0c), 4);
}
