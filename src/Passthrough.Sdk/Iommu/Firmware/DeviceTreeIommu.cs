using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>An IOMMU that the device tree describes.</summary>
/// <param name="Path">Its node, <c>/soc/iommu@5000000</c>.</param>
/// <param name="Compatible">The compatible devices, the most specific first: <c>arm,smmu-v3</c>.</param>
/// <param name="IsEnabled">Whether its status is <c>okay</c>; a disabled one is not used.</param>
/// <remarks>Source: /sys/firmware/devicetree/base. Thread safety: immutable.</remarks>
public sealed record DeviceTreeIommu(string Path, ValueList<string> Compatible, bool IsEnabled);
