namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Data object exchange: a mailbox (extended capability 0x002e; PCI Express 6.0, 7.9.24).</summary>
public sealed class DataObjectExchangeCapability : PciCapability
{
    internal const int MinimumLength = 24;

    internal DataObjectExchangeCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether it can interrupt (+4).</summary>
    public bool InterruptSupported => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets the MSI or MSI-X vector; only where it can interrupt.</summary>
    public int InterruptMessageNumber => Field(DoubleWord(0x04), 1, 11);

    /// <summary>Gets whether it interrupts (+8).</summary>
    public bool InterruptEnable => Bit(DoubleWord(0x08), 1);

    /// <summary>Gets whether it is busy (+12).</summary>
    public bool IsBusy => Bit(DoubleWord(0x0c), 0);

    /// <summary>Gets whether an interrupt is pending.</summary>
    public bool InterruptStatus => Bit(DoubleWord(0x0c), 1);

    /// <summary>Gets whether the last exchange has failed.</summary>
    public bool HasError => Bit(DoubleWord(0x0c), 2);

    /// <summary>Gets whether an object waits to be read.</summary>
    public bool IsObjectReady => Bit(DoubleWord(0x0c), 31);
}
