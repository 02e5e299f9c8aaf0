namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The link control bits of HyperTransport.</summary>
[Flags]
public enum HyperTransportLinkControl
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>A CRC error causes a sync flood on the link.</summary>
    CrcFloodEnable = 1 << 1,

    /// <summary>The bit starts a CRC test.</summary>
    CrcStartTest = 1 << 2,

    /// <summary>The transmitter sends wrong CRCs.</summary>
    CrcForceError = 1 << 3,

    /// <summary>The link has failed.</summary>
    LinkFailure = 1 << 4,

    /// <summary>The initialization of the link is complete.</summary>
    InitializationComplete = 1 << 5,

    /// <summary>The chain ends here.</summary>
    EndOfChain = 1 << 6,

    /// <summary>The transmitter is off.</summary>
    TransmitterOff = 1 << 7,

    /// <summary>Isochronous flow control is on.</summary>
    IsochronousFlowControlEnable = 1 << 12,

    /// <summary>The link's signals float while LDTSTOP# is asserted.</summary>
    LdtStopTristateEnable = 1 << 13,

    /// <summary>The control line is asserted for an extended time.</summary>
    ExtendedControlTime = 1 << 14,

    /// <summary>64-bit addresses are allowed.</summary>
    Addressing64BitEnable = 1 << 15,
}
