namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Precision time measurement (extended capability 0x001f; PCI Express 6.0, 7.9.15).</summary>
public sealed class PrecisionTimeMeasurementCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal PrecisionTimeMeasurementCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the function can request the time (PTM requester; +4).</summary>
    public bool RequesterCapable => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether the function can answer requests for the time (PTM responder).</summary>
    public bool ResponderCapable => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether the function can be the source of the time (PTM root).</summary>
    public bool RootCapable => Bit(DoubleWord(0x04), 2);

    /// <summary>Gets the granularity of the local clock in ns; 0 if the function has no local clock, 255 for more than 254.</summary>
    public int ClockGranularity => Field(DoubleWord(0x04), 8, 8);

    /// <summary>Gets whether precision time measurement is enabled (+8).</summary>
    public bool IsEnabled => Bit(DoubleWord(0x08), 0);

    /// <summary>Gets whether the function is selected as the source of the time (PTM root).</summary>
    public bool RootSelect => Bit(DoubleWord(0x08), 1);

    /// <summary>
    /// Gets the effective granularity of the time that the function receives, in ns; 0 if unknown, 255 for more than 254.
    /// </summary>
    public int EffectiveGranularity => Field(DoubleWord(0x08), 8, 8);
}
