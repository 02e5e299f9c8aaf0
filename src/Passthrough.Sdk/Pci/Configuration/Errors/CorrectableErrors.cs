namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The correctable errors of PCI Express (PCI Express 6.0, 7.8.4.5).</summary>
[Flags]
public enum CorrectableErrors : uint
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Receiver error.</summary>
    ReceiverError = 1u << 0,

    /// <summary>Bad transaction layer packet (TLP).</summary>
    BadTlp = 1u << 6,

    /// <summary>Bad data link layer packet (DLLP).</summary>
    BadDllp = 1u << 7,

    /// <summary>A packet was replayed too often (REPLAY_NUM rollover).</summary>
    ReplayNumberRollover = 1u << 8,

    /// <summary>A packet was not acknowledged in time (replay timer timeout).</summary>
    ReplayTimerTimeout = 1u << 12,

    /// <summary>Advisory nonfatal error.</summary>
    AdvisoryNonFatal = 1u << 13,

    /// <summary>Corrected internal error.</summary>
    CorrectedInternal = 1u << 14,

    /// <summary>The header log had no room for another error.</summary>
    HeaderLogOverflow = 1u << 15,
}
