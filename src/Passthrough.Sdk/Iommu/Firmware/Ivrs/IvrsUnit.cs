using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>One block that describes an AMD-Vi unit (IVHD).</summary>
/// <param name="BlockType">0x10, 0x11 or 0x40: later types describe the same unit in more detail.</param>
/// <param name="Address">The PCI function of the unit itself.</param>
/// <param name="CapabilityOffset">The offset of its capability block in its configuration space.</param>
/// <param name="RegisterBase">The physical address of its registers.</param>
/// <param name="Features">The extended feature register; for type 0x10, which has none, the older feature word.</param>
/// <param name="Devices">The devices it serves.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IvrsUnit(
    byte BlockType,
    PciAddress Address,
    ushort CapabilityOffset,
    ulong RegisterBase,
    ulong Features,
    ValueList<IvrsDevice> Devices);
