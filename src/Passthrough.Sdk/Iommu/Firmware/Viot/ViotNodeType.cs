namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>The kind of a VIOT node. The values are those of the specification; others can occur.</summary>
public enum ViotNodeType
{
    /// <summary>No type.</summary>
    None = 0,

    /// <summary>A range of PCI functions.</summary>
    PciRange = 1,

    /// <summary>A device that is not a PCI function.</summary>
    MmioEndpoint = 2,

    /// <summary>A virtio-iommu that is a PCI function.</summary>
    VirtioIommuPci = 3,

    /// <summary>A virtio-iommu that is not a PCI function.</summary>
    VirtioIommuMmio = 4,
}
