namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Sleep states of a link (active state power management).</summary>
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
