using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports memory that the firmware reserves for the device (RMRR), because of which the kernel refuses to assign it.</summary>
internal sealed class DeviceReservedMemory : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceReservedMemory,
            Severity = FindingSeverity.Error,
            Title = "the firmware reserves memory for the device",
            Meaning =
                "The firmware requires that the device can access a range of memory independently of the operating system (RMRR, "
                + "unity map). The kernel refuses to assign such a device: Device is ineligible for IOMMU domain attach due to "
                + "platform RMRR requirement, or since 6.6: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting "
                + "configuring the device.",
            Detection =
                "A region of the type direct in /sys/kernel/iommu_groups/N/reserved_regions. direct-relaxable is allowed; msi and "
                + "reserved are normal.",
            Remedy =
                "Find a firmware setting, or a tool of the manufacturer, that removes the reservation for the slot; or use "
                + "another slot. No kernel parameter does this safely.",
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
            var regions = context.Snapshot.IommuGroups.FirstOrDefault(group => group.Id == device.IommuGroupId)?.ReservedRegions;
            if (regions?.Any(region => region.Type == ReservedRegionType.Direct) == true)
            {
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.DeviceReservedMemory,
                    FindingSeverity.Error,
                    $"the firmware reserves memory for {device.Address} (RMRR), so the kernel refuses to assign it",
                    "find a firmware setting that removes the reservation, or use another slot; no kernel parameter does this safely",
                    [.. regions.Value.Where(region => region.Type == ReservedRegionType.Direct).Select(region =>
                        new Evidence($"/sys/kernel/iommu_groups/{device.IommuGroupId}/reserved_regions", $"0x{region.First:x16} 0x{region.Last:x16} {region.TypeName}"))]);
            }
        }
    }
}
