namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The bits of the PCI-X status register, and of the primary status of a bridge.</summary>
[Flags]
public enum PciXStatus : uint
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The bus is 64 bits wide.</summary>
    Is64Bit = 1u << 16,

    /// <summary>The function can run at 133 MHz.</summary>
    Capable133MHz = 1u << 17,

    /// <summary>A split completion was discarded.</summary>
    SplitCompletionDiscarded = 1u << 18,

    /// <summary>An unexpected split completion arrived.</summary>
    UnexpectedSplitCompletion = 1u << 19,

    /// <summary>The function is a complex (bridge) device; for a bridge, it had no room for a split completion.</summary>
    IsComplex = 1u << 20,

    /// <summary>Bridges only: a split request was delayed.</summary>
    SplitRequestDelayed = 1u << 21,

    /// <summary>A split completion reported an error.</summary>
    SplitCompletionError = 1u << 29,

    /// <summary>The function can run at 266 MHz.</summary>
    Capable266MHz = 1u << 30,

    /// <summary>The function can run at 533 MHz.</summary>
    Capable533MHz = 1u << 31,
}
