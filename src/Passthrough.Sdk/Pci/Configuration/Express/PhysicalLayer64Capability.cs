namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The physical layer at 64 GT/s (extended capability 0x0031; PCI Express 6.0, 7.7.8).</summary>
public sealed class PhysicalLayer64Capability : PciCapability
{
    internal const int MinimumLength = 16;

    internal PhysicalLayer64Capability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether equalization at 64 GT/s is complete (+12).</summary>
    public bool EqualizationComplete => Bit(DoubleWord(0x0c), 0);

    /// <summary>Gets whether phase 1 of equalization has succeeded.</summary>
    public bool EqualizationPhase1 => Bit(DoubleWord(0x0c), 1);

    /// <summary>Gets whether phase 2 of equalization has succeeded.</summary>
    public bool EqualizationPhase2 => Bit(DoubleWord(0x0c), 2);

    /// <summary>Gets whether phase 3 of equalization has succeeded.</summary>
    public bool EqualizationPhase3 => Bit(DoubleWord(0x0c), 3);

    /// <summary>Gets whether the hardware requests link equalization.</summary>
    public bool LinkEqualizationRequest => Bit(DoubleWord(0x0c), 4);

    /// <summary>Gets whether transmitter precoding is on.</summary>
    public bool PrecodingOn => Bit(DoubleWord(0x0c), 5);

    /// <summary>Gets whether the port requests precoding from the link partner.</summary>
    public bool PrecodingRequest => Bit(DoubleWord(0x0c), 6);

    /// <summary>Gets whether the link partner has reported that it needs no equalization.</summary>
    public bool NoEqualizationNeededReceived => Bit(DoubleWord(0x0c), 7);
}
