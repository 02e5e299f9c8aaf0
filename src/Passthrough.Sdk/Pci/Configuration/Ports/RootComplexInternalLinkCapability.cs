namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A link inside the root complex (extended capability 0x0006; PCI Express 6.0, 7.9.9).</summary>
public sealed class RootComplexInternalLinkCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal RootComplexInternalLinkCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the code of the maximum link speed, coded as <see cref="PciExpressLink.MaximumSpeedCode"/> (+4).</summary>
    public int MaximumSpeedCode => Field(DoubleWord(0x04), 0, 4);

    /// <summary>Gets the maximum link width, as a number of lanes.</summary>
    public int MaximumWidth => Field(DoubleWord(0x04), 4, 6);

    /// <summary>Gets the active state power management (ASPM) states that the link supports.</summary>
    public PciExpressAspm AspmSupported => (PciExpressAspm)Field(DoubleWord(0x04), 10, 2);

    /// <summary>Gets the active state power management (ASPM) states that are enabled (+8).</summary>
    public PciExpressAspm AspmControl => (PciExpressAspm)Field(Word(0x08), 0, 2);

    /// <summary>Gets the code of the current link speed (+10), coded as <see cref="PciExpressLink.MaximumSpeedCode"/>.</summary>
    public int SpeedCode => Field(Word(0x0a), 0, 4);

    /// <summary>Gets the number of lanes in use.</summary>
    public int Width => Field(Word(0x0a), 4, 6);
}
