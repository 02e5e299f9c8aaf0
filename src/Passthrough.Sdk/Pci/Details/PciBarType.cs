namespace Passthrough.Sdk.Pci.Details;

/// <summary>The kinds of address ranges of a function.</summary>
public enum PciBarType
{
    /// <summary>Memory.</summary>
    Memory = 0,

    /// <summary>I/O ports.</summary>
    Io = 1,

    /// <summary>The expansion ROM.</summary>
    Rom = 2,
}
