namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Which NUMA proximity domain a remapping unit belongs to (RHSA).</summary>
/// <param name="RegisterBase">The unit, by the address of its registers.</param>
/// <param name="ProximityDomain">The domain as the SRAT table numbers it.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DmarAffinity(ulong RegisterBase, uint ProximityDomain);
