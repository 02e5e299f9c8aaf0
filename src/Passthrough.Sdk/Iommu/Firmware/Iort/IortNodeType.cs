namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>The kind of an IORT node. The values are those of the specification; others can occur.</summary>
public enum IortNodeType
{
    /// <summary>A group of interrupt translation services.</summary>
    ItsGroup = 0,

    /// <summary>A device of the ACPI namespace.</summary>
    NamedComponent = 1,

    /// <summary>A PCI root complex.</summary>
    RootComplex = 2,

    /// <summary>An SMMU of version 1 or 2.</summary>
    Smmu = 3,

    /// <summary>An SMMU of version 3.</summary>
    SmmuV3 = 4,

    /// <summary>A performance monitor of an SMMU.</summary>
    PerformanceMonitor = 5,

    /// <summary>Memory to which devices must keep access.</summary>
    ReservedMemory = 6,
}
