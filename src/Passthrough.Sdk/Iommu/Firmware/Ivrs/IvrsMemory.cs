using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Memory with a special rule (IVMD).</summary>
/// <param name="First">The first device it is for; null for all devices.</param>
/// <param name="Last">The last device it is for; null for all devices.</param>
/// <param name="Base">The first byte.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="IsUnity">Whether the devices must reach it at the same address through the IOMMU.</param>
/// <param name="IsExclusion">Whether the IOMMU leaves accesses to it untranslated.</param>
/// <param name="IsReadable">Whether the devices may read it.</param>
/// <param name="IsWritable">Whether the devices may write it.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IvrsMemory(
    PciAddress? First,
    PciAddress? Last,
    ulong Base,
    ulong Length,
    bool IsUnity,
    bool IsExclusion,
    bool IsReadable,
    bool IsWritable);
