namespace Passthrough.Sdk.Testing;

/// <summary>The IOMMU of a <see cref="VirtualHost"/>.</summary>
public enum VirtualIommu
{
    /// <summary>Intel's VT-d, switched on (<c>intel_iommu=on iommu=pt</c>).</summary>
    Vtd,

    /// <summary>AMD's AMD-Vi, switched on (<c>iommu=pt</c>).</summary>
    AmdVi,

    /// <summary>The machine has no IOMMU.</summary>
    None,
}
