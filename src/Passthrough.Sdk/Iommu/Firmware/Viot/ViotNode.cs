using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>A node of a VIOT table.</summary>
/// <param name="Offset">The offset in the table, in bytes, by which other nodes refer to it.</param>
/// <param name="Type">Its kind.</param>
/// <param name="First">The first PCI function of a range, or the function of the IOMMU itself; null for kinds without one.</param>
/// <param name="Last">The last PCI function of a range; null for kinds without one.</param>
/// <param name="Base">The physical address of a device or IOMMU that is not a PCI function; null for kinds without one.</param>
/// <param name="Output">The <see cref="Offset"/> of the IOMMU that translates; null for an IOMMU.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ViotNode(int Offset, ViotNodeType Type, PciAddress? First, PciAddress? Last, ulong? Base, int? Output);
