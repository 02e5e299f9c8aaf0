namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Physical layer of 32 GT/s (extended capability 0x002a; PCI Express 6.0, 7.7.6).</summary>
public sealed class PhysicalLayer32Capability : PciCapability
{
    internal const int MinimumLength = 32;

    internal PhysicalLayer32Capability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether it can equalize at the highest rate only (+4).</summary>
    public bool EqualizationBypassSupported => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether it can do without equalization.</summary>
    public bool NoEqualizationNeededSupported => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets the uses of modified training sets, a bit each: PCI Express, messages, other protocols.</summary>
    public int ModifiedTrainingSetModes => Field(DoubleWord(0x04), 8, 3);

    /// <summary>Gets whether it may not equalize at the highest rate only (+8).</summary>
    public bool EqualizationBypassDisable => Bit(DoubleWord(0x08), 0);

    /// <summary>Gets whether it may not do without equalization.</summary>
    public bool NoEqualizationNeededDisable => Bit(DoubleWord(0x08), 1);

    /// <summary>Gets the use of modified training sets: 0 PCI Express, 1 messages, 2 other protocols.</summary>
    public int ModifiedTrainingSetMode => Field(DoubleWord(0x08), 8, 3);

    /// <summary>Gets whether equalization is complete (+12).</summary>
    public bool EqualizationComplete => Bit(DoubleWord(0x0c), 0);

    /// <summary>Gets whether its phase 1 has succeeded.</summary>
    public bool EqualizationPhase1 => Bit(DoubleWord(0x0c), 1);

    /// <summary>Gets whether its phase 2 has succeeded.</summary>
    public bool EqualizationPhase2 => Bit(DoubleWord(0x0c), 2);

    /// <summary>Gets whether its phase 3 has succeeded.</summary>
    public bool EqualizationPhase3 => Bit(DoubleWord(0x0c), 3);

    /// <summary>Gets whether it requests equalization.</summary>
    public bool LinkEqualizationRequest => Bit(DoubleWord(0x0c), 4);

    /// <summary>Gets whether it has got modified training sets.</summary>
    public bool ModifiedTrainingSetReceived => Bit(DoubleWord(0x0c), 5);

    /// <summary>Gets the request of the other side: 0 full equalization, 1 at the highest rate only, 2 none, 3 modified training sets.</summary>
    public int ReceivedLinkBehavior => Field(DoubleWord(0x0c), 6, 2);

    /// <summary>Gets whether the transmitter precodes.</summary>
    public bool PrecodingOn => Bit(DoubleWord(0x0c), 8);

    /// <summary>Gets whether it requests precoding from the other side.</summary>
    public bool PrecodingRequest => Bit(DoubleWord(0x0c), 9);

    /// <summary>Gets whether the other side can do without equalization.</summary>
    public bool NoEqualizationNeededReceived => Bit(DoubleWord(0x0c), 10);
}
