namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The status of the secondary interface of a PCI-X bridge.</summary>
[Flags]
public enum PciXBridgeSecondaryStatus
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The bus is 64 bits wide.</summary>
    Is64Bit = 1 << 0,

    /// <summary>The interface can run at 133 MHz.</summary>
    Capable133MHz = 1 << 1,

    /// <summary>A split completion was discarded.</summary>
    SplitCompletionDiscarded = 1 << 2,

    /// <summary>An unexpected split completion arrived.</summary>
    UnexpectedSplitCompletion = 1 << 3,

    /// <summary>The bridge had no room for a split completion.</summary>
    SplitCompletionOverrun = 1 << 4,

    /// <summary>A split request was delayed.</summary>
    SplitRequestDelayed = 1 << 5,
}
