namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Bits of the PCI-X status register, and of a bridge's primary status.</summary>
[Flags]
public enum PciXStatus : uint
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The bus is 64 bits wide.</summary>
    Is64Bit = 1u << 16,

    /// <summary>Can run at 133 MHz.</summary>
    Capable133MHz = 1u << 17,

    /// <summary>A split completion was thrown away.</summary>
    SplitCompletionDiscarded = 1u << 18,

    /// <summary>A split completion arrived that was not expected.</summary>
    UnexpectedSplitCompletion = 1u << 19,

    /// <summary>It is a bridge device; of a bridge: a split completion overran.</summary>
    IsComplex = 1u << 20,

    /// <summary>Bridges only: a split request was delayed.</summary>
    SplitRequestDelayed = 1u << 21,

    /// <summary>A split completion reported an error.</summary>
    SplitCompletionError = 1u << 29,

    /// <summary>Can run at 266 MHz.</summary>
    Capable266MHz = 1u << 30,

    /// <summary>Can run at 533 MHz.</summary>
    Capable533MHz = 1u << 31,
}
