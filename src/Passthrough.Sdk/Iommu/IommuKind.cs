namespace Passthrough.Sdk.Iommu;

/// <summary>The kinds of IOMMUs.</summary>
public enum IommuKind
{
    /// <summary>Another kind.</summary>
    Other = 0,

    /// <summary>Intel VT-d (<c>dmarN</c>).</summary>
    IntelVtd = 1,

    /// <summary>AMD-Vi (<c>ivhdN</c>).</summary>
    AmdVi = 2,

    /// <summary>Arm's SMMU, version 3 (<c>smmu3.ADDRESS</c>).</summary>
    ArmSmmuV3 = 3,

    /// <summary>Arm's SMMU, version 1 or 2 (<c>smmu.ADDRESS</c>).</summary>
    ArmSmmu = 4,

    /// <summary>virtio-iommu, in a virtual machine.</summary>
    Virtio = 5,
}
