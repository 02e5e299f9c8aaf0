namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The features of a HyperTransport interface.</summary>
[Flags]
public enum HyperTransportFeatures
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Isochronous flow control.</summary>
    IsochronousFlowControl = 1 << 0,

    /// <summary>Support for LDTSTOP#.</summary>
    LdtStop = 1 << 1,

    /// <summary>CRC test mode.</summary>
    CrcTestMode = 1 << 2,

    /// <summary>The interface needs the control line to be asserted for an extended time.</summary>
    ExtendedControlTimeRequired = 1 << 3,

    /// <summary>64-bit addresses.</summary>
    Addressing64Bit = 1 << 4,

    /// <summary>The interface does not reorder by UnitID.</summary>
    UnitIdReorderDisable = 1 << 5,

    /// <summary>Secondary interfaces only: the extended register set is present.</summary>
    ExtendedRegisterSet = 1 << 8,

    /// <summary>Secondary interfaces only: configuration accesses from below are accepted.</summary>
    UpstreamConfigurationEnable = 1 << 9,
}
