namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The physical layer at 32 GT/s (extended capability 0x002a; PCI Express 6.0, 7.7.6).</summary>
public sealed class PhysicalLayer32Capability : PciCapability
{
    internal const int MinimumLength = 32;

    internal PhysicalLayer32Capability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the port can bypass equalization up to the highest rate (+4).</summary>
    public bool EqualizationBypassSupported => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether the port can work without equalization.</summary>
    public bool NoEqualizationNeededSupported => Bit(DoubleWord(0x04), 1);

    /// <summary>
    /// Gets the supported usage modes of modified training sets, one bit each: PCI Express, training set messages, alternate
    /// protocols.
    /// </summary>
    public int ModifiedTrainingSetModes => Field(DoubleWord(0x04), 8, 3);

    /// <summary>Gets whether the bypass of equalization up to the highest rate is disabled (+8).</summary>
    public bool EqualizationBypassDisable => Bit(DoubleWord(0x08), 0);

    /// <summary>Gets whether working without equalization is disabled.</summary>
    public bool NoEqualizationNeededDisable => Bit(DoubleWord(0x08), 1);

    /// <summary>
    /// Gets the selected usage mode of modified training sets: 0 for PCI Express, 1 for training set messages, 2 for
    /// alternate protocols.
    /// </summary>
    public int ModifiedTrainingSetMode => Field(DoubleWord(0x08), 8, 3);

    /// <summary>Gets whether equalization at 32 GT/s is complete (+12).</summary>
    public bool EqualizationComplete => Bit(DoubleWord(0x0c), 0);

    /// <summary>Gets whether phase 1 of equalization has succeeded.</summary>
    public bool EqualizationPhase1 => Bit(DoubleWord(0x0c), 1);

    /// <summary>Gets whether phase 2 of equalization has succeeded.</summary>
    public bool EqualizationPhase2 => Bit(DoubleWord(0x0c), 2);

    /// <summary>Gets whether phase 3 of equalization has succeeded.</summary>
    public bool EqualizationPhase3 => Bit(DoubleWord(0x0c), 3);

    /// <summary>Gets whether the hardware requests link equalization.</summary>
    public bool LinkEqualizationRequest => Bit(DoubleWord(0x0c), 4);

    /// <summary>Gets whether the port has received modified training sets.</summary>
    public bool ModifiedTrainingSetReceived => Bit(DoubleWord(0x0c), 5);

    /// <summary>
    /// Gets the link behavior that the link partner requested: 0 for full equalization, 1 for equalization at the highest
    /// rate only, 2 for no equalization, 3 for modified training sets.
    /// </summary>
    public int ReceivedLinkBehavior => Field(DoubleWord(0x0c), 6, 2);

    /// <summary>Gets whether transmitter precoding is on.</summary>
    public bool PrecodingOn => Bit(DoubleWord(0x0c), 8);

    /// <summary>Gets whether the port requests precoding from the link partner.</summary>
    public bool PrecodingRequest => Bit(DoubleWord(0x0c), 9);

    /// <summary>Gets whether the link partner has reported that it needs no equalization.</summary>
    public bool NoEqualizationNeededReceived => Bit(DoubleWord(0x0c), 10);
}
