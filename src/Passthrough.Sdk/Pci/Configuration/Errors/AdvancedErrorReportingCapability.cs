using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Advanced error reporting, AER (extended capability 0x0001; PCI Express 6.0, 7.8.4).</summary>
public sealed class AdvancedErrorReportingCapability : PciCapability
{
    internal const int MinimumLength = 44;

    internal AdvancedErrorReportingCapability(in CapabilityHeader header)
        : base(header)
    {
        Root = header.Express is PciExpressCapability { PortType: PciExpressPortType.RootPort or PciExpressPortType.RootComplexEventCollector } && Has(0x2c, 12) ? new(Registers(0)) : null;
    }

    /// <summary>Gets the uncorrectable errors that the function has detected (+4).</summary>
    public UncorrectableErrors UncorrectableStatus => (UncorrectableErrors)DoubleWord(0x04);

    /// <summary>Gets the uncorrectable errors that are masked, that is, not reported (+8).</summary>
    public UncorrectableErrors UncorrectableMask => (UncorrectableErrors)DoubleWord(0x08);

    /// <summary>Gets the uncorrectable errors that are reported as fatal (+12).</summary>
    public UncorrectableErrors UncorrectableSeverity => (UncorrectableErrors)DoubleWord(0x0c);

    /// <summary>Gets the correctable errors that the function has detected (+16).</summary>
    public CorrectableErrors CorrectableStatus => (CorrectableErrors)DoubleWord(0x10);

    /// <summary>Gets the correctable errors that are masked, that is, not reported (+20).</summary>
    public CorrectableErrors CorrectableMask => (CorrectableErrors)DoubleWord(0x14);

    /// <summary>Gets the bit number of the first uncorrectable error (+24).</summary>
    public int FirstErrorPointer => Field(DoubleWord(0x18), 0, 5);

    /// <summary>Gets whether the function can generate end-to-end checksums (ECRCs).</summary>
    public bool EcrcGenerationCapable => Bit(DoubleWord(0x18), 5);

    /// <summary>Gets whether the function generates end-to-end checksums (ECRCs).</summary>
    public bool EcrcGenerationEnable => Bit(DoubleWord(0x18), 6);

    /// <summary>Gets whether the function can check end-to-end checksums (ECRCs).</summary>
    public bool EcrcCheckCapable => Bit(DoubleWord(0x18), 7);

    /// <summary>Gets whether the function checks end-to-end checksums (ECRCs).</summary>
    public bool EcrcCheckEnable => Bit(DoubleWord(0x18), 8);

    /// <summary>Gets whether the function can log more than one header.</summary>
    public bool MultipleHeaderCapable => Bit(DoubleWord(0x18), 9);

    /// <summary>Gets whether the function logs more than one header.</summary>
    public bool MultipleHeaderEnable => Bit(DoubleWord(0x18), 10);

    /// <summary>Gets whether the TLP prefix log is valid.</summary>
    public bool TlpPrefixLogPresent => Bit(DoubleWord(0x18), 11);

    /// <summary>Gets whether the function can log the header of a request whose completion timed out.</summary>
    public bool CompletionTimeoutLogCapable => Bit(DoubleWord(0x18), 12);

    /// <summary>Gets the header of the packet that caused the first uncorrectable error (+28).</summary>
    public ValueList<uint> HeaderLog => [DoubleWord(0x1c), DoubleWord(0x20), DoubleWord(0x24), DoubleWord(0x28)];

    /// <summary>Gets the registers of root ports and event collectors; null for other functions.</summary>
    public AdvancedErrorReportingRoot? Root { get; }
}
