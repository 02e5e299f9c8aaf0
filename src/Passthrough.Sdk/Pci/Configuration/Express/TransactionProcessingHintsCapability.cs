namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>TLP processing hints (extended capability 0x0017; PCI Express 6.0, 7.9.13).</summary>
public sealed class TransactionProcessingHintsCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal TransactionProcessingHintsCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether it can work without steering tags (+4).</summary>
    public bool NoSteeringTableMode => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether it can take a steering tag by interrupt vector.</summary>
    public bool InterruptVectorMode => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether it can take a steering tag in its own way.</summary>
    public bool DeviceSpecificMode => Bit(DoubleWord(0x04), 2);

    /// <summary>Gets whether it can send hints of 16 bits.</summary>
    public bool ExtendedRequesterSupported => Bit(DoubleWord(0x04), 8);

    /// <summary>Gets where the steering tags are.</summary>
    public SteeringTableLocation TableLocation => (SteeringTableLocation)Field(DoubleWord(0x04), 9, 2);

    /// <summary>Gets the steering tags in the table.</summary>
    public int TableSize => Field(DoubleWord(0x04), 16, 11) + 1;

    /// <summary>Gets the mode in use (+8).</summary>
    public int ModeSelect => Field(DoubleWord(0x08), 0, 3);

    /// <summary>Gets the hints that it may send: 0 none, 1 8 bits, 3 16 bits.</summary>
    public int RequesterEnable => Field(DoubleWord(0x08), 8, 2);
}
