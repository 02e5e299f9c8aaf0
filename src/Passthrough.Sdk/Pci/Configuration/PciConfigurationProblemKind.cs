namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The problems of a configuration space.</summary>
public enum PciConfigurationProblemKind
{
    /// <summary>The bytes end before the structure does: no root (64 bytes), or a dump of the first 256.</summary>
    Truncated,

    /// <summary>Every byte of the header is 0xff: nothing answers at this address.</summary>
    AllOnes,

    /// <summary>A chain of capabilities comes back to a place it has been at.</summary>
    ChainLoops,

    /// <summary>A chain leads to a capability of id 0xff, or to a place where none can be.</summary>
    ChainBroken,

    /// <summary>The header is of a type that PCI does not define (it defines 0, 1 and 2).</summary>
    UnknownHeaderType,

    /// <summary>A register has a value that the specification does not allow.</summary>
    InvalidValue,
}
