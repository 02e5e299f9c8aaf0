namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// The endpoints that are associated with a root complex event collector (extended capability 0x0007; PCI Express 6.0, 7.9.10).
/// </summary>
public sealed class RootComplexEventCollectorCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal RootComplexEventCollectorCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the device numbers of the associated endpoints on the collector's own bus, one bit for each device (+4).</summary>
    public uint EndpointBitmap => DoubleWord(0x04);

    /// <summary>
    /// Gets the first further bus with associated endpoints (+8); null in version 1. If it is above <see cref="LastBus"/>,
    /// no further bus has any.
    /// </summary>
    public byte? FirstBus => Version >= 2 && Has(0x08, 4) ? Byte(0x09) : null;

    /// <summary>Gets the last further bus with associated endpoints; null in version 1.</summary>
    public byte? LastBus => Version >= 2 && Has(0x08, 4) ? Byte(0x0a) : null;
}
