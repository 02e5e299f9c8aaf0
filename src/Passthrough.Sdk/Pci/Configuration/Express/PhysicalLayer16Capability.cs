namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The physical layer at 16 GT/s (extended capability 0x0026; PCI Express 6.0, 7.7.5).</summary>
public sealed class PhysicalLayer16Capability : PciCapability
{
    internal const int MinimumLength = 28;

    internal PhysicalLayer16Capability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether equalization at 16 GT/s is complete (+12).</summary>
    public bool EqualizationComplete => Bit(DoubleWord(0x0c), 0);

    /// <summary>Gets whether phase 1 of equalization has succeeded.</summary>
    public bool EqualizationPhase1 => Bit(DoubleWord(0x0c), 1);

    /// <summary>Gets whether phase 2 of equalization has succeeded.</summary>
    public bool EqualizationPhase2 => Bit(DoubleWord(0x0c), 2);

    /// <summary>Gets whether phase 3 of equalization has succeeded.</summary>
    public bool EqualizationPhase3 => Bit(DoubleWord(0x0c), 3);

    /// <summary>Gets whether the hardware requests link equalization.</summary>
    public bool LinkEqualizationRequest => Bit(DoubleWord(0x0c), 4);

    /// <summary>Gets the lanes with a data parity mismatch at this port, one bit for each lane (+16).</summary>
    public uint LocalParityMismatch => DoubleWord(0x10);

    /// <summary>Gets the lanes with a data parity mismatch at the first retimer, one bit for each lane (+20).</summary>
    public uint FirstRetimerParityMismatch => DoubleWord(0x14);

    /// <summary>Gets the lanes with a data parity mismatch at the second retimer, one bit for each lane (+24).</summary>
    public uint SecondRetimerParityMismatch => DoubleWord(0x18);
}
