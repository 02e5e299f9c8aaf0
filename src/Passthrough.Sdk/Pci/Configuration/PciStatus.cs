namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The status register (+0x06; PCI 3.0, 6.2.3), and the secondary status of a bridge. The timing of DEVSEL# is apart.</summary>
[Flags]
public enum PciStatus
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>An INTx interrupt is pending.</summary>
    Interrupt = 1 << 3,

    /// <summary>There is a chain of capabilities.</summary>
    CapabilitiesList = 1 << 4,

    /// <summary>Can run at 66 MHz.</summary>
    Capable66MHz = 1 << 5,

    /// <summary>Has user definable features; obsolete.</summary>
    UserDefinableFeatures = 1 << 6,

    /// <summary>Accepts back to back transactions.</summary>
    FastBackToBack = 1 << 7,

    /// <summary>Was told of a parity error in its own transaction.</summary>
    MasterDataParityError = 1 << 8,

    /// <summary>It ended a transaction of another device with a target abort.</summary>
    SignaledTargetAbort = 1 << 11,

    /// <summary>Its own transaction ended with a target abort.</summary>
    ReceivedTargetAbort = 1 << 12,

    /// <summary>No device answered its own transaction.</summary>
    ReceivedMasterAbort = 1 << 13,

    /// <summary>Has reported an error with SERR#.</summary>
    SignaledSystemError = 1 << 14,

    /// <summary>Has seen a parity error.</summary>
    DetectedParityError = 1 << 15,
}
