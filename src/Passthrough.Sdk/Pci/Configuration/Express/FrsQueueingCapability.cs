namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The queue of function readiness status (FRS) messages (extended capability 0x0021; PCI Express 6.0, 7.8.11).</summary>
public sealed class FrsQueueingCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal FrsQueueingCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the maximum number of entries in the queue (+4).</summary>
    public int MaximumDepth => Field(DoubleWord(0x04), 0, 12);

    /// <summary>Gets the MSI or MSI-X vector of the queue's interrupts.</summary>
    public int InterruptMessageNumber => Field(DoubleWord(0x04), 16, 5);

    /// <summary>Gets whether an FRS message has been received (+8).</summary>
    public bool MessageReceived => Bit(Word(0x08), 0);

    /// <summary>Gets whether the queue has overflowed.</summary>
    public bool Overflow => Bit(Word(0x08), 1);

    /// <summary>Gets whether the port interrupts when an FRS message arrives (+10).</summary>
    public bool InterruptEnable => Bit(Word(0x0a), 0);
}
