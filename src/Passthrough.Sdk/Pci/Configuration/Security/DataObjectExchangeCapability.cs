namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// Data object exchange, DOE: a mailbox through which software and the function exchange data objects (extended capability
/// 0x002e; PCI Express 6.0, 7.9.24).
/// </summary>
public sealed class DataObjectExchangeCapability : PciCapability
{
    internal const int MinimumLength = 24;

    internal DataObjectExchangeCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the mailbox supports interrupts (+4).</summary>
    public bool InterruptSupported => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets the MSI or MSI-X vector; only meaningful if the mailbox supports interrupts.</summary>
    public int InterruptMessageNumber => Field(DoubleWord(0x04), 1, 11);

    /// <summary>Gets whether interrupts of the mailbox are enabled (+8).</summary>
    public bool InterruptEnable => Bit(DoubleWord(0x08), 1);

    /// <summary>Gets whether the mailbox is busy (+12).</summary>
    public bool IsBusy => Bit(DoubleWord(0x0c), 0);

    /// <summary>Gets whether an interrupt is pending.</summary>
    public bool InterruptStatus => Bit(DoubleWord(0x0c), 1);

    /// <summary>Gets whether the last exchange has failed.</summary>
    public bool HasError => Bit(DoubleWord(0x0c), 2);

    /// <summary>Gets whether a data object is ready to be read.</summary>
    public bool IsObjectReady => Bit(DoubleWord(0x0c), 31);
}
