namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The reactions of a HyperTransport interface to errors.</summary>
[Flags]
public enum HyperTransportErrorHandling
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>A protocol error causes a sync flood on the link.</summary>
    ProtocolErrorFloodEnable = 1 << 0,

    /// <summary>An overflow causes a sync flood on the link.</summary>
    OverflowErrorFloodEnable = 1 << 1,

    /// <summary>A protocol error is fatal.</summary>
    ProtocolErrorFatalEnable = 1 << 2,

    /// <summary>An overflow is fatal.</summary>
    OverflowErrorFatalEnable = 1 << 3,

    /// <summary>An end-of-chain error is fatal.</summary>
    EndOfChainErrorFatalEnable = 1 << 4,

    /// <summary>A response error is fatal.</summary>
    ResponseErrorFatalEnable = 1 << 5,

    /// <summary>A CRC error is fatal.</summary>
    CrcErrorFatalEnable = 1 << 6,

    /// <summary>A system error is fatal.</summary>
    SystemErrorFatalEnable = 1 << 7,

    /// <summary>The chain has failed.</summary>
    ChainFail = 1 << 8,

    /// <summary>The interface has detected a response error.</summary>
    ResponseError = 1 << 9,

    /// <summary>A protocol error is reported as nonfatal.</summary>
    ProtocolErrorNonfatalEnable = 1 << 10,

    /// <summary>An overflow is reported as nonfatal.</summary>
    OverflowErrorNonfatalEnable = 1 << 11,

    /// <summary>An end-of-chain error is reported as nonfatal.</summary>
    EndOfChainErrorNonfatalEnable = 1 << 12,

    /// <summary>A response error is reported as nonfatal.</summary>
    ResponseErrorNonfatalEnable = 1 << 13,

    /// <summary>A CRC error is reported as nonfatal.</summary>
    CrcErrorNonfatalEnable = 1 << 14,

    /// <summary>A system error is reported as nonfatal.</summary>
    SystemErrorNonfatalEnable = 1 << 15,
}
