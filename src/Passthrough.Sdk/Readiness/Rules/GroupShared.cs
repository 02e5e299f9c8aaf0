using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The device shares its group with others, which go with it or stay unused.</summary>
internal sealed class GroupShared : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.GroupShared,
            Severity = FindingSeverity.Warning,
            Title = "the device shares its IOMMU group with others",
            Meaning =
                "Members of a group can reach one another past the IOMMU. While one is given away, the host cannot use the others, "
                + "and no other guest can get one.",
            Detection =
                "The members in /sys/kernel/iommu_groups/N/devices, bridges left out, that are not given away together. Where the "
                + "host still uses one of them it is group.not-viable.",
            Remedy = "Give the whole group to the same guest, leave the others unused, or move the card to a slot with a group of its own.",
        },
    ];

    public ImmutableArray<string> ExplainedBy { get; } = [FindingIds.GroupNotViable];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio)
        {
            yield break;
        }

        foreach (var wanted in context.Devices.Where(device => device.IommuGroup is not null).GroupBy(device => device.IommuGroup!.Value))
        {
            if (!context.Snapshot.IommuGroups.TryGet(wanted.Key, out var found))
            {
                continue;
            }

            var together = wanted.Select(device => device.Address).ToHashSet();
            var others = GroupNotViable.EndpointsOf(context, found).Where(device => !together.Contains(device.Address)).ToList();
            if (others.Count > 0)
            {
                yield return FindingFactory.Of(
                    FindingIds.GroupShared,
                    FindingSeverity.Warning,
                    $"{string.Join(", ", together)} shares IOMMU group {wanted.Key} with {string.Join(", ", others.Select(device => device.Address))}, which nobody else can use meanwhile",
                    $"give them to the same guest, leave them unused, or move the card to {GroupCause.BetterSlot(context.Snapshot)}",
                    [.. others.Select(device => new Evidence($"/sys/kernel/iommu_groups/{wanted.Key}/devices/{device.Address}", device.Driver ?? "no driver")), .. GroupCause.EvidenceOf(context.Snapshot, found)]);
            }
        }
    }
}
