namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>State of the far side of a PCI-X bridge.</summary>
[Flags]
public enum PciXBridgeSecondaryStatus
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The bus is 64 bits wide.</summary>
    Is64Bit = 1 << 0,

    /// <summary>Can run at 133 MHz.</summary>
    Capable133MHz = 1 << 1,

    /// <summary>A split completion was thrown away.</summary>
    SplitCompletionDiscarded = 1 << 2,

    /// <summary>A split completion arrived that was not expected.</summary>
    UnexpectedSplitCompletion = 1 << 3,

    /// <summary>A split completion had no room.</summary>
    SplitCompletionOverrun = 1 << 4,

    /// <summary>A split request was delayed.</summary>
    SplitRequestDelayed = 1 << 5,
}
