namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The kinds of problems of a configuration space.</summary>
public enum PciConfigurationProblemKind
{
    /// <summary>
    /// The bytes end before the structure does, because they were read without root (64 bytes) or come from a dump of the
    /// first 256.
    /// </summary>
    Truncated,

    /// <summary>Every byte of the header is 0xff, because nothing responds at this address.</summary>
    AllOnes,

    /// <summary>A chain of capabilities returns to an earlier capability.</summary>
    ChainLoops,

    /// <summary>A chain leads to a capability with the id 0xff, or to an offset where no capability can be.</summary>
    ChainBroken,

    /// <summary>The header has a type that PCI does not define (it defines 0, 1 and 2).</summary>
    UnknownHeaderType,

    /// <summary>A register has a value that the specification does not allow.</summary>
    InvalidValue,
}
