namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Downstream port containment (extended capability 0x001d; PCI Express 6.0, 7.9.14).</summary>
public sealed class DownstreamPortContainmentCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal DownstreamPortContainmentCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the MSI or MSI-X vector (+4).</summary>
    public int InterruptMessageNumber => Field(Word(0x04), 0, 5);

    /// <summary>Gets whether it has the registers of root ports.</summary>
    public bool RootPortExtensions => Bit(Word(0x04), 5);

    /// <summary>Gets whether it can block poisoned packets.</summary>
    public bool PoisonedTlpBlockingSupported => Bit(Word(0x04), 6);

    /// <summary>Gets whether it can be triggered by software.</summary>
    public bool SoftwareTriggerSupported => Bit(Word(0x04), 7);

    /// <summary>Gets the double words of the root port's log.</summary>
    public int RootPortLogSize => Field(Word(0x04), 8, 4);

    /// <summary>Gets whether it can report that the link has come up.</summary>
    public bool DataLinkActiveErrorSupported => Bit(Word(0x04), 12);

    /// <summary>Gets the trigger: 0 nothing, 1 fatal errors, 2 fatal and nonfatal errors (+6).</summary>
    public int TriggerEnable => Field(Word(0x06), 0, 2);

    /// <summary>Gets whether it completes with unsupported request instead of completer abort.</summary>
    public bool CompletionControl => Bit(Word(0x06), 2);

    /// <summary>Gets whether it interrupts.</summary>
    public bool InterruptEnable => Bit(Word(0x06), 3);

    /// <summary>Gets whether it reports a correctable error, too.</summary>
    public bool CorrectableErrorEnable => Bit(Word(0x06), 4);

    /// <summary>Gets whether it blocks poisoned packets.</summary>
    public bool PoisonedTlpBlockingEnable => Bit(Word(0x06), 5);

    /// <summary>Gets whether a write triggers it; reads as 0.</summary>
    public bool SoftwareTrigger => Bit(Word(0x06), 6);

    /// <summary>Gets whether it reports that the link has come up.</summary>
    public bool DataLinkActiveErrorEnable => Bit(Word(0x06), 7);

    /// <summary>Gets whether it has contained an error: the link is down (+8).</summary>
    public bool IsTriggered => Bit(Word(0x08), 0);

    /// <summary>
    /// Gets why: 0 an uncorrectable error, 1 a nonfatal message, 2 a fatal message, 3 see <see cref="TriggerReasonExtension"/>.
    /// </summary>
    public int TriggerReason => Field(Word(0x08), 1, 2);

    /// <summary>Gets whether an interrupt is pending.</summary>
    public bool InterruptStatus => Bit(Word(0x08), 3);

    /// <summary>Gets whether the root port is still busy with it.</summary>
    public bool RootPortBusy => Bit(Word(0x08), 4);

    /// <summary>Gets why, further: 0 root port programmed I/O, 1 software.</summary>
    public int TriggerReasonExtension => Field(Word(0x08), 5, 2);

    /// <summary>Gets the bit number of the first error of programmed I/O.</summary>
    public int RootPortFirstErrorPointer => Field(Word(0x08), 8, 5);

    /// <summary>Gets who reported the error (+10).</summary>
    public ushort ErrorSource => Word(0x0a);
}
