using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Iommu;

/// <summary>An IOMMU that the running kernel uses, a directory of /sys/class/iommu.</summary>
/// <param name="Name">Its name: <c>dmar0</c>, <c>ivhd0</c>, <c>smmu3.0x0000000009050000</c>.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Capabilities">Intel's <c>cap</c>, AMD's <c>cap</c> register; absent for others.</param>
/// <param name="ExtendedCapabilities">Intel's <c>ecap</c>, AMD's extended feature register; absent for others.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IommuUnit(string Name, IommuKind Kind, Fact<ulong> Capabilities, Fact<ulong> ExtendedCapabilities)
{
    /// <summary>Gets the PCI functions behind it, as their addresses are written in sysfs. Absent if the kernel links none.</summary>
    public Fact<ValueList<string>> Devices { get; init; }

    /// <summary>
    /// Gets whether the hardware can remap interrupts: bit 3 of Intel's extended capabilities. Unknown for other kinds, whose
    /// registers do not report it.
    /// </summary>
    public Fact<bool> CanRemapInterrupts => Kind == IommuKind.IntelVtd
        ? ExtendedCapabilities.Select(ecap => (ecap & 8) != 0)
        : Fact.Unknown<bool>($"/sys/class/iommu/{Name}", "only Intel's registers report it");
}
