namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>The NUMA proximity domain of a remapping unit (RHSA).</summary>
/// <param name="RegisterBase">The unit, by the address of its registers.</param>
/// <param name="ProximityDomain">The number of the domain in the SRAT table.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DmarAffinity(ulong RegisterBase, uint ProximityDomain);
