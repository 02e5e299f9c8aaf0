namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>TLP processing hints (extended capability 0x0017; PCI Express 6.0, 7.9.13).</summary>
public sealed class TransactionProcessingHintsCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal TransactionProcessingHintsCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the function supports the mode without steering tags (+4).</summary>
    public bool NoSteeringTableMode => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether the function supports selecting a steering tag by interrupt vector.</summary>
    public bool InterruptVectorMode => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether the function supports a device-specific selection of steering tags.</summary>
    public bool DeviceSpecificMode => Bit(DoubleWord(0x04), 2);

    /// <summary>Gets whether the function can send requests with 16-bit steering tags.</summary>
    public bool ExtendedRequesterSupported => Bit(DoubleWord(0x04), 8);

    /// <summary>Gets the location of the steering tag table.</summary>
    public SteeringTableLocation TableLocation => (SteeringTableLocation)Field(DoubleWord(0x04), 9, 2);

    /// <summary>Gets the number of steering tags in the table.</summary>
    public int TableSize => Field(DoubleWord(0x04), 16, 11) + 1;

    /// <summary>Gets the steering tag mode in use (+8).</summary>
    public int ModeSelect => Field(DoubleWord(0x08), 0, 3);

    /// <summary>Gets the steering tags that the function may send: 0 for none, 1 for 8-bit tags, 3 for 16-bit tags.</summary>
    public int RequesterEnable => Field(DoubleWord(0x08), 8, 2);
}
