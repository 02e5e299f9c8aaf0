namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Physical layer of 64 GT/s (extended capability 0x0031; PCI Express 6.0, 7.7.8).</summary>
public sealed class PhysicalLayer64Capability : PciCapability
{
    internal const int MinimumLength = 16;

    internal PhysicalLayer64Capability(in CapabilityHeader header)
        : base(header)
    {
    }

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

    /// <summary>Gets whether the transmitter precodes.</summary>
    public bool PrecodingOn => Bit(DoubleWord(0x0c), 5);

    /// <summary>Gets whether it requests precoding from the other side.</summary>
    public bool PrecodingRequest => Bit(DoubleWord(0x0c), 6);

    /// <summary>Gets whether the other side can do without equalization.</summary>
    public bool NoEqualizationNeededReceived => Bit(DoubleWord(0x0c), 7);
}
