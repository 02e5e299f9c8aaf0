namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Features of a HyperTransport interface.</summary>
[Flags]
public enum HyperTransportFeatures
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Isochronous flow control.</summary>
    IsochronousFlowControl = 1 << 0,

    /// <summary>LDTSTOP#.</summary>
    LdtStop = 1 << 1,

    /// <summary>CRC test mode.</summary>
    CrcTestMode = 1 << 2,

    /// <summary>Needs the control line to be held longer.</summary>
    ExtendedControlTimeRequired = 1 << 3,

    /// <summary>Addresses of 64 bits.</summary>
    Addressing64Bit = 1 << 4,

    /// <summary>Does not reorder by UnitID.</summary>
    UnitIdReorderDisable = 1 << 5,

    /// <summary>Secondary interfaces only: has the extended register set.</summary>
    ExtendedRegisterSet = 1 << 8,

    /// <summary>Secondary interfaces only: configuration accesses from below.</summary>
    UpstreamConfigurationEnable = 1 << 9,
}
