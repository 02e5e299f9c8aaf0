using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Ports or integrated devices of one segment that support address translation services (ATSR, SATC).</summary>
/// <param name="Segment">The PCI domain.</param>
/// <param name="Flag">For ATSR: all root ports of the segment do. For SATC: the system must have the cache enabled.</param>
/// <param name="Scopes">The ports or devices.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DmarRootPortAts(ushort Segment, bool Flag, ValueList<DmarScope> Scopes);
