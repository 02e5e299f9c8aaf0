namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>PCI-X of a bridge (capability 0x07; PCI-X Addendum 2.0, 8.6).</summary>
public sealed class PciXBridgeCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal PciXBridgeCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the state of the far side (+2).</summary>
    public PciXBridgeSecondaryStatus SecondaryStatus => (PciXBridgeSecondaryStatus)(Word(0x02) & 0x3f);

    /// <summary>Gets the clock of the far side: 0 conventional PCI, 1 66 MHz, 2 100 MHz, 3 133 MHz.</summary>
    public int SecondaryClock => Field(Word(0x02), 6, 3);

    /// <summary>Gets the bus it takes itself to be on (+4).</summary>
    public byte Bus => (byte)Field(DoubleWord(0x04), 8, 8);

    /// <summary>Gets the device number it takes itself to have.</summary>
    public int Device => Field(DoubleWord(0x04), 3, 5);

    /// <summary>Gets the function number it takes itself to have.</summary>
    public int Function => Field(DoubleWord(0x04), 0, 3);

    /// <summary>Gets the state of the near side.</summary>
    public PciXStatus Status => (PciXStatus)(DoubleWord(0x04) & 0x3f0000u);

    /// <summary>Gets the split transactions from below that it can hold (+8), in units of 128 bytes.</summary>
    public ushort UpstreamCapacity => Word(0x08);

    /// <summary>Gets the split transactions from below that it may commit to.</summary>
    public ushort UpstreamCommitmentLimit => Word(0x0a);

    /// <summary>Gets the split transactions from above that it can hold (+12), in units of 128 bytes.</summary>
    public ushort DownstreamCapacity => Word(0x0c);

    /// <summary>Gets the split transactions from above that it may commit to.</summary>
    public ushort DownstreamCommitmentLimit => Word(0x0e);
}
