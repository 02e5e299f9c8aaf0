namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Downstream port containment, DPC (extended capability 0x001d; PCI Express 6.0, 7.9.14).</summary>
public sealed class DownstreamPortContainmentCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal DownstreamPortContainmentCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the MSI or MSI-X vector of the containment interrupts (+4).</summary>
    public int InterruptMessageNumber => Field(Word(0x04), 0, 5);

    /// <summary>Gets whether the port has the DPC registers of root ports.</summary>
    public bool RootPortExtensions => Bit(Word(0x04), 5);

    /// <summary>Gets whether the port can block the egress of poisoned packets.</summary>
    public bool PoisonedTlpBlockingSupported => Bit(Word(0x04), 6);

    /// <summary>Gets whether software can trigger the containment.</summary>
    public bool SoftwareTriggerSupported => Bit(Word(0x04), 7);

    /// <summary>Gets the size of the root port's log, in doublewords.</summary>
    public int RootPortLogSize => Field(Word(0x04), 8, 4);

    /// <summary>Gets whether the port can report that the data link layer has become active.</summary>
    public bool DataLinkActiveErrorSupported => Bit(Word(0x04), 12);

    /// <summary>
    /// Gets the errors that trigger the containment: 0 for none, 1 for fatal errors, 2 for fatal and nonfatal errors (+6).
    /// </summary>
    public int TriggerEnable => Field(Word(0x06), 0, 2);

    /// <summary>Gets whether the port completes requests with unsupported request status instead of completer abort status.</summary>
    public bool CompletionControl => Bit(Word(0x06), 2);

    /// <summary>Gets whether the port interrupts when the containment is triggered.</summary>
    public bool InterruptEnable => Bit(Word(0x06), 3);

    /// <summary>Gets whether the port also reports a correctable error when the containment is triggered.</summary>
    public bool CorrectableErrorEnable => Bit(Word(0x06), 4);

    /// <summary>Gets whether the port blocks the egress of poisoned packets.</summary>
    public bool PoisonedTlpBlockingEnable => Bit(Word(0x06), 5);

    /// <summary>Gets the bit with which software triggers the containment; it reads as 0.</summary>
    public bool SoftwareTrigger => Bit(Word(0x06), 6);

    /// <summary>Gets whether the port reports that the data link layer has become active.</summary>
    public bool DataLinkActiveErrorEnable => Bit(Word(0x06), 7);

    /// <summary>Gets whether the containment was triggered, so that the link is down (+8).</summary>
    public bool IsTriggered => Bit(Word(0x08), 0);

    /// <summary>
    /// Gets the trigger reason: 0 for an uncorrectable error, 1 for a nonfatal message, 2 for a fatal message, 3 for the
    /// reason in <see cref="TriggerReasonExtension"/>.
    /// </summary>
    public int TriggerReason => Field(Word(0x08), 1, 2);

    /// <summary>Gets whether an interrupt is pending.</summary>
    public bool InterruptStatus => Bit(Word(0x08), 3);

    /// <summary>Gets whether the root port is busy with the containment.</summary>
    public bool RootPortBusy => Bit(Word(0x08), 4);

    /// <summary>Gets the extended trigger reason: 0 for root port programmed I/O, 1 for software.</summary>
    public int TriggerReasonExtension => Field(Word(0x08), 5, 2);

    /// <summary>Gets the bit number of the first programmed I/O error of the root port.</summary>
    public int RootPortFirstErrorPointer => Field(Word(0x08), 8, 5);

    /// <summary>Gets the requester ID of the function that reported the error (+10).</summary>
    public ushort ErrorSource => Word(0x0a);
}
