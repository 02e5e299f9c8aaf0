namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Uncorrectable errors of PCI Express (PCI Express 6.0, 7.8.4.2).</summary>
[Flags]
public enum UncorrectableErrors : uint
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Data link protocol error.</summary>
    DataLinkProtocol = 1u << 4,

    /// <summary>The link went down without notice.</summary>
    SurpriseDown = 1u << 5,

    /// <summary>Poisoned packet.</summary>
    PoisonedTlp = 1u << 12,

    /// <summary>Flow control protocol error.</summary>
    FlowControlProtocol = 1u << 13,

    /// <summary>No answer in time.</summary>
    CompletionTimeout = 1u << 14,

    /// <summary>The function refused to answer.</summary>
    CompleterAbort = 1u << 15,

    /// <summary>An unexpected completion.</summary>
    UnexpectedCompletion = 1u << 16,

    /// <summary>Receiver overflow.</summary>
    ReceiverOverflow = 1u << 17,

    /// <summary>Malformed packet.</summary>
    MalformedTlp = 1u << 18,

    /// <summary>End-to-end checksum error.</summary>
    EcrcError = 1u << 19,

    /// <summary>Unsupported request.</summary>
    UnsupportedRequest = 1u << 20,

    /// <summary>Access control violation.</summary>
    AcsViolation = 1u << 21,

    /// <summary>Internal error.</summary>
    UncorrectableInternal = 1u << 22,

    /// <summary>Blocked by multicast.</summary>
    MulticastBlockedTlp = 1u << 23,

    /// <summary>Atomic operation blocked.</summary>
    AtomicOpEgressBlocked = 1u << 24,

    /// <summary>TLP prefix blocked.</summary>
    TlpPrefixBlocked = 1u << 25,

    /// <summary>Poisoned packet blocked.</summary>
    PoisonedTlpEgressBlocked = 1u << 26,

    /// <summary>Deferrable memory write blocked.</summary>
    DmwrEgressBlocked = 1u << 27,

    /// <summary>Integrity check failed.</summary>
    IdeCheckFailed = 1u << 28,

    /// <summary>Encrypted packet came to the wrong place.</summary>
    MisroutedIdeTlp = 1u << 29,

    /// <summary>Plaintext checksum failed.</summary>
    PcrcCheckFailed = 1u << 30,

    /// <summary>Packet could not be translated for the next link.</summary>
    TlpTranslationEgressBlocked = 1u << 31,
}
