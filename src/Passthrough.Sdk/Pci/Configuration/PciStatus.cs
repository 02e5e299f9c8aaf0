namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// The status register (+0x06; PCI 3.0, 6.2.3), and the secondary status of a bridge. The DEVSEL# timing is a property of its own.
/// </summary>
[Flags]
public enum PciStatus
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>An INTx interrupt is pending.</summary>
    Interrupt = 1 << 3,

    /// <summary>The function has a chain of capabilities.</summary>
    CapabilitiesList = 1 << 4,

    /// <summary>The function can run at 66 MHz.</summary>
    Capable66MHz = 1 << 5,

    /// <summary>The function has user-definable features; obsolete.</summary>
    UserDefinableFeatures = 1 << 6,

    /// <summary>The function accepts fast back-to-back transactions.</summary>
    FastBackToBack = 1 << 7,

    /// <summary>A parity error occurred in a transaction that the function started.</summary>
    MasterDataParityError = 1 << 8,

    /// <summary>The function ended a transaction of another device with a target abort.</summary>
    SignaledTargetAbort = 1 << 11,

    /// <summary>A transaction that the function started ended with a target abort.</summary>
    ReceivedTargetAbort = 1 << 12,

    /// <summary>A transaction that the function started ended with a master abort, because no device responded.</summary>
    ReceivedMasterAbort = 1 << 13,

    /// <summary>The function has reported an error with SERR#.</summary>
    SignaledSystemError = 1 << 14,

    /// <summary>The function has detected a parity error.</summary>
    DetectedParityError = 1 << 15,
}
