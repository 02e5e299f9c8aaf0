namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>PCI Express (capability 0x10; PCI Express Base Specification 6.0, 7.5.3).</summary>
/// <remarks>
/// Which registers exist depends on the kind of function and on the version of the capability; those that do not, and
/// those that lie beyond the end of the bytes, are null.
/// </remarks>
public sealed class PciExpressCapability : PciCapability
{
    internal const int MinimumLength = 4;

    internal PciExpressCapability(in CapabilityHeader header)
        : base(header)
    {
        var (all, isNew) = (Registers(0), CapabilityVersion >= 2);
        Device = Has(0x04, 8) ? new(all, PortType) : null;
        Link = HasLink && Has(0x0c, 8) ? new(all) : null;
        Slot = HasSlot && Has(0x14, 8) ? new(all) : null;
        Root = IsRoot && Has(0x1c, 8) ? new(all) : null;
        Device2 = isNew && Has(0x24, 8) ? new(all) : null;
        Link2 = isNew && HasLink && Has(0x2c, 8) ? new(all) : null;
        Slot2 = isNew && HasSlot && Has(0x34, 8) ? new(all) : null;
    }

    /// <summary>Gets the version of the capability's layout (+2, bits 3:0): 1 for PCI Express 1.x, 2 since 2.0.</summary>
    public int CapabilityVersion => Field(Word(2), 0, 4);

    /// <summary>Gets the role of the function in its hierarchy (+2, bits 7:4).</summary>
    public PciExpressPortType PortType => (PciExpressPortType)Field(Word(2), 4, 4);

    /// <summary>Gets whether the port leads to a slot rather than to a soldered device (+2, bit 8).</summary>
    public bool SlotImplemented => Bit(Word(2), 8);

    /// <summary>Gets the MSI or MSI-X vector of this capability's interrupts (+2, bits 13:9).</summary>
    public int InterruptMessageNumber => Field(Word(2), 9, 5);

    /// <summary>Gets whether the function supports flit mode (+2, bit 15).</summary>
    public bool FlitModeSupported => Bit(Word(2), 15);

    /// <summary>Gets whether the function has a link; every function has one except those integrated into the root complex.</summary>
    public bool HasLink => PortType is not (PciExpressPortType.RootComplexIntegratedEndpoint or PciExpressPortType.RootComplexEventCollector);

    /// <summary>Gets whether the port faces downstream: a root port, a downstream port, a bridge to PCI Express.</summary>
    public bool IsDownstreamFacing => PortType is PciExpressPortType.RootPort or PciExpressPortType.DownstreamPort or PciExpressPortType.PciToPciExpressBridge;

    /// <summary>Gets the device registers.</summary>
    public PciExpressDevice? Device { get; }

    /// <summary>Gets the link registers; null for a function that is integrated into the root complex.</summary>
    public PciExpressLink? Link { get; }

    /// <summary>Gets the slot registers; null if there is no slot.</summary>
    public PciExpressSlot? Slot { get; }

    /// <summary>Gets the root registers; null for all functions except root ports and event collectors.</summary>
    public PciExpressRoot? Root { get; }

    /// <summary>Gets the second set of device registers; null in version 1 of the capability.</summary>
    public PciExpressDevice2? Device2 { get; }

    /// <summary>
    /// Gets the second set of link registers; null in version 1 of the capability and for functions integrated into the root
    /// complex.
    /// </summary>
    public PciExpressLink2? Link2 { get; }

    /// <summary>Gets the second set of slot registers; null in version 1 of the capability and if there is no slot.</summary>
    public PciExpressSlot2? Slot2 { get; }

    private bool HasSlot => SlotImplemented && IsDownstreamFacing;

    private bool IsRoot => PortType is PciExpressPortType.RootPort or PciExpressPortType.RootComplexEventCollector;
}
