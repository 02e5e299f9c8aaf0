namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The states of an indicator of a slot.</summary>
public enum PciExpressIndicator
{
    /// <summary>Reserved.</summary>
    Unknown = 0,

    /// <summary>On.</summary>
    On = 1,

    /// <summary>Blinking.</summary>
    Blink = 2,

    /// <summary>Off.</summary>
    Off = 3,
}
