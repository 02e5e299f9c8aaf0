namespace Passthrough.LabTests.Lab;

/// <summary>Which IOMMU the lab's host has.</summary>
public enum Iommu
{
    /// <summary>None: no DMAR and no IVRS table.</summary>
    None,

    /// <summary>Intel VT-d, announced by a DMAR table.</summary>
    Vtd,

    /// <summary>AMD-Vi, announced by an IVRS table.</summary>
    AmdVi,

    /// <summary>Arm's SMMU, version 3, announced by an IORT table. The host's programs are those of arm64, without libvirt.</summary>
    Smmuv3,
}
