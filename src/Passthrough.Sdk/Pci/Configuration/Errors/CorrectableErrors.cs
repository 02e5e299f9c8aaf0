namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Correctable errors of PCI Express (PCI Express 6.0, 7.8.4.5).</summary>
[Flags]
public enum CorrectableErrors : uint
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Receiver error.</summary>
    ReceiverError = 1u << 0,

    /// <summary>Bad packet of the transaction layer.</summary>
    BadTlp = 1u << 6,

    /// <summary>Bad packet of the data link layer.</summary>
    BadDllp = 1u << 7,

    /// <summary>A packet was sent again too often.</summary>
    ReplayNumberRollover = 1u << 8,

    /// <summary>A packet was not acknowledged in time.</summary>
    ReplayTimerTimeout = 1u << 12,

    /// <summary>A nonfatal error that is merely noted.</summary>
    AdvisoryNonFatal = 1u << 13,

    /// <summary>Internal error, corrected.</summary>
    CorrectedInternal = 1u << 14,

    /// <summary>More errors than fit into the header log.</summary>
    HeaderLogOverflow = 1u << 15,
}
