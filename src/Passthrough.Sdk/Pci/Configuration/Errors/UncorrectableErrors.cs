namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The uncorrectable errors of PCI Express (PCI Express 6.0, 7.8.4.2).</summary>
[Flags]
public enum UncorrectableErrors : uint
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Data link protocol error.</summary>
    DataLinkProtocol = 1u << 4,

    /// <summary>The link went down unexpectedly (surprise down).</summary>
    SurpriseDown = 1u << 5,

    /// <summary>A poisoned packet (TLP) was received.</summary>
    PoisonedTlp = 1u << 12,

    /// <summary>Flow control protocol error.</summary>
    FlowControlProtocol = 1u << 13,

    /// <summary>A completion did not arrive in time (completion timeout).</summary>
    CompletionTimeout = 1u << 14,

    /// <summary>A completer aborted a request (completer abort).</summary>
    CompleterAbort = 1u << 15,

    /// <summary>An unexpected completion was received.</summary>
    UnexpectedCompletion = 1u << 16,

    /// <summary>Receiver overflow.</summary>
    ReceiverOverflow = 1u << 17,

    /// <summary>Malformed packet (TLP).</summary>
    MalformedTlp = 1u << 18,

    /// <summary>End-to-end checksum (ECRC) error.</summary>
    EcrcError = 1u << 19,

    /// <summary>Unsupported request.</summary>
    UnsupportedRequest = 1u << 20,

    /// <summary>Access control services (ACS) violation.</summary>
    AcsViolation = 1u << 21,

    /// <summary>Uncorrectable internal error.</summary>
    UncorrectableInternal = 1u << 22,

    /// <summary>A packet was blocked by multicast.</summary>
    MulticastBlockedTlp = 1u << 23,

    /// <summary>The egress of an AtomicOp request was blocked.</summary>
    AtomicOpEgressBlocked = 1u << 24,

    /// <summary>A packet was blocked because of its TLP prefix.</summary>
    TlpPrefixBlocked = 1u << 25,

    /// <summary>The egress of a poisoned packet was blocked.</summary>
    PoisonedTlpEgressBlocked = 1u << 26,

    /// <summary>The egress of a deferrable memory write (DMWr) was blocked.</summary>
    DmwrEgressBlocked = 1u << 27,

    /// <summary>The integrity check of an encrypted (IDE) packet failed.</summary>
    IdeCheckFailed = 1u << 28,

    /// <summary>An encrypted (IDE) packet was misrouted.</summary>
    MisroutedIdeTlp = 1u << 29,

    /// <summary>The check of the plaintext checksum (PCRC) failed.</summary>
    PcrcCheckFailed = 1u << 30,

    /// <summary>The egress of a packet was blocked because it could not be translated for the next link.</summary>
    TlpTranslationEgressBlocked = 1u << 31,
}
