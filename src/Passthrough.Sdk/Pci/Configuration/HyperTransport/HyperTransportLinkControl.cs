namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Link control bits of HyperTransport.</summary>
[Flags]
public enum HyperTransportLinkControl
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Floods the link after a CRC error.</summary>
    CrcFloodEnable = 1 << 1,

    /// <summary>Starts a CRC test.</summary>
    CrcStartTest = 1 << 2,

    /// <summary>Sends wrong CRCs.</summary>
    CrcForceError = 1 << 3,

    /// <summary>The link has failed.</summary>
    LinkFailure = 1 << 4,

    /// <summary>The link is up.</summary>
    InitializationComplete = 1 << 5,

    /// <summary>The chain ends here.</summary>
    EndOfChain = 1 << 6,

    /// <summary>The transmitter is off.</summary>
    TransmitterOff = 1 << 7,

    /// <summary>Isochronous flow control is on.</summary>
    IsochronousFlowControlEnable = 1 << 12,

    /// <summary>Lets the lines float while LDTSTOP# is asserted.</summary>
    LdtStopTristateEnable = 1 << 13,

    /// <summary>Holds the control line longer.</summary>
    ExtendedControlTime = 1 << 14,

    /// <summary>Addresses of 64 bits are allowed.</summary>
    Addressing64BitEnable = 1 << 15,
}
