using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Memory that devices must reach at the same address through the IOMMU (RMRR).</summary>
/// <param name="Segment">The PCI domain of the devices.</param>
/// <param name="Base">The first byte.</param>
/// <param name="Limit">The last byte.</param>
/// <param name="Scopes">The devices that need it.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DmarReservedMemory(ushort Segment, ulong Base, ulong Limit, ValueList<DmarScope> Scopes);
