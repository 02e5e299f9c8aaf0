using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that shares its group with others, which are assigned with it or stay unused.</summary>
internal sealed class GroupShared : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.GroupShared,
            Severity = FindingSeverity.Warning,
            Title = "the device shares its IOMMU group with others",
            Meaning =
                "Members of a group can access each other without the IOMMU. While one is assigned, the host cannot use the "
                + "others, and no other guest can get one of them.",
            Detection =
                "The members in /sys/kernel/iommu_groups/N/devices, without bridges, that are not assigned together. If the host "
                + "still uses one of them, the finding is group.not-viable.",
            Remedy = "Assign the whole group to the same guest, leave the others unused, or move the card to a slot with its own group.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.DeviceBehindVmd, FindingIds.GroupNotViable];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio)
        {
            yield break;
        }

        foreach (var wanted in context.Devices.Where(device => device.IommuGroupId is not null).GroupBy(device => device.IommuGroupId!.Value))
        {
            if (!context.Snapshot.IommuGroups.TryGet(wanted.Key, out var found))
            {
                continue;
            }

            var together = wanted.Select(device => device.Address).ToHashSet();
            var others = GroupNotViable.EndpointsOf(context, found)
                .Where(device => !together.Contains(device.Address) && context.Target?.Takes(device.Address) != true)
                .Where(device => Vmd.ControllerOf(context.Snapshot.Devices, device) is not { } controller || !together.Contains(controller)) // they are assigned with it
                .ToList();
            if (others.Count > 0)
            {
                yield return FindingFactory.Of(
                    [.. together],
                    FindingIds.GroupShared,
                    FindingSeverity.Warning,
                    $"{string.Join(", ", together)} shares IOMMU group {wanted.Key} with {string.Join(", ", others.Select(device => device.Address))}; neither the host nor another guest can use those meanwhile",
                    $"assign them to the same guest, leave them unused, or move the card to {GroupCause.BetterSlot(context.Snapshot)}",
                    [.. others.Select(device => new Evidence($"/sys/kernel/iommu_groups/{wanted.Key}/devices/{device.Address}", device.Driver ?? "no driver")), .. GroupCause.EvidenceOf(context.Snapshot, found)]);
            }
        }
    }
}
