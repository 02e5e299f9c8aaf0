namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The PCI-X registers of a bridge (capability 0x07; PCI-X Addendum 2.0, 8.6).</summary>
public sealed class PciXBridgeCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal PciXBridgeCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the status of the secondary interface (+2).</summary>
    public PciXBridgeSecondaryStatus SecondaryStatus => (PciXBridgeSecondaryStatus)(Word(0x02) & 0x3f);

    /// <summary>Gets the code of the secondary bus clock: 0 for conventional PCI, 1 for 66 MHz, 2 for 100 MHz, 3 for 133 MHz.</summary>
    public int SecondaryClock => Field(Word(0x02), 6, 3);

    /// <summary>Gets the number of the bus, as the bridge has captured it (+4).</summary>
    public byte Bus => (byte)Field(DoubleWord(0x04), 8, 8);

    /// <summary>Gets the device number, as the bridge has captured it.</summary>
    public int Device => Field(DoubleWord(0x04), 3, 5);

    /// <summary>Gets the function number, as the bridge reports it.</summary>
    public int Function => Field(DoubleWord(0x04), 0, 3);

    /// <summary>Gets the status of the primary interface.</summary>
    public PciXStatus Status => (PciXStatus)(DoubleWord(0x04) & 0x3f0000u);

    /// <summary>Gets the buffer capacity for upstream split transactions (+8), in units of 128 bytes.</summary>
    public ushort UpstreamCapacity => Word(0x08);

    /// <summary>Gets the commitment limit for upstream split transactions.</summary>
    public ushort UpstreamCommitmentLimit => Word(0x0a);

    /// <summary>Gets the buffer capacity for downstream split transactions (+12), in units of 128 bytes.</summary>
    public ushort DownstreamCapacity => Word(0x0c);

    /// <summary>Gets the commitment limit for downstream split transactions.</summary>
    public ushort DownstreamCommitmentLimit => Word(0x0e);
}
