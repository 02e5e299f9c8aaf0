namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The active state power management (ASPM) states of a link.</summary>
[Flags]
public enum PciExpressAspm
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>L0s.</summary>
    L0s = 1 << 0,

    /// <summary>L1.</summary>
    L1 = 1 << 1,
}
