using System.Collections.Immutable;
using Passthrough.Sdk.Iommu;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The firmware reserves memory for the device (RMRR), so that the kernel refuses to give it away.</summary>
internal sealed class DeviceReservedMemory : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceReservedMemory,
            Severity = FindingSeverity.Error,
            Title = "the firmware reserves memory for the device",
            Meaning =
                "The firmware wants the device to reach a range of memory under the operating system (RMRR, unity map). The kernel "
                + "does not give such a device away: Device is ineligible for IOMMU domain attach due to platform RMRR requirement, or "
                + "since 6.6: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the device.",
            Detection =
                "A region of the type direct in /sys/kernel/iommu_groups/N/reserved_regions; direct-relaxable is allowed, msi and "
                + "reserved are usual.",
            Remedy =
                "Look for a setting of the firmware, or a tool of the maker, that drops the reservation for the slot; or use another "
                + "slot. No kernel parameter does this safely.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio)
        {
            yield break;
        }

        foreach (var device in context.Devices)
        {
            var regions = context.Snapshot.IommuGroups.FirstOrDefault(group => group.Id == device.IommuGroup)?.ReservedRegions;
            if (regions?.Any(region => region.Type == ReservedRegionType.Direct) == true)
            {
                yield return FindingFactory.Of(
                    FindingIds.DeviceReservedMemory,
                    FindingSeverity.Error,
                    $"the firmware reserves memory for {device.Address} (RMRR), and the kernel does not give such a device away",
                    "look for a setting of the firmware that drops the reservation, or use another slot; no kernel parameter does this safely",
                    [.. regions.Value.Where(region => region.Type == ReservedRegionType.Direct).Select(region =>
                        new Evidence($"/sys/kernel/iommu_groups/{device.IommuGroup}/reserved_regions", $"0x{region.First:x16} 0x{region.Last:x16} {region.TypeName}"))]);
            }
        }
    }
}
