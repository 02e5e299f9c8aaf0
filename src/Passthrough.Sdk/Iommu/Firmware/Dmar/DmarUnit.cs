using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>One remapping hardware unit of a DMAR table (DRHD).</summary>
/// <param name="Segment">The PCI domain it serves.</param>
/// <param name="RegisterBase">The physical address of its registers.</param>
/// <param name="IncludesAll">Whether it serves every device of the segment that no other unit names.</param>
/// <param name="Scopes">The devices it names.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DmarUnit(ushort Segment, ulong RegisterBase, bool IncludesAll, ValueList<DmarScope> Scopes);
