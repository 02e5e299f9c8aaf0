using System.Collections.Immutable;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>There is no IOMMU group. The rules before say why, where it can be told.</summary>
internal sealed class IommuInactive : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuInactive,
            Severity = FindingSeverity.Error,
            Title = "the kernel has no IOMMU group",
            Meaning =
                "No device can be given away. Nothing that was read says why: the tables are there and no parameter stands in the "
                + "way, or the kernel was built without the driver, or it refused the firmware's tables.",
            Detection =
                "/sys/kernel/iommu_groups is empty or not there; groups of VFIO's mode without an IOMMU do not count. Where another "
                + "finding explains it, this one is folded under that.",
            Remedy =
                "Look at the kernel's log for DMAR, AMD-Vi or SMMU: it says why the IOMMU was not taken into use. A newer firmware "
                + "often mends the tables.",
        },
    ];

    public ImmutableArray<string> ExplainedBy { get; } = Causes.OfNoGroups;

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var iommu = context.System.Iommu;
        if (!context.NeedsVfio || iommu.IsActive.Value)
        {
            yield break;
        }

        yield return iommu.GroupCount.IsUnknown
            ? FindingFactory.Undetermined(FindingIds.IommuInactive, "whether the IOMMU is at work", iommu.GroupCount)
            : FindingFactory.Of(
                FindingIds.IommuInactive,
                FindingSeverity.Error,
                "the kernel has no IOMMU group, so that no device can be given away",
                "look at the kernel log for DMAR, AMD-Vi or SMMU: it says why the IOMMU was not taken into use",
                iommu.GroupCount.ToEvidence(),
                new Evidence(iommu.Units.Source, iommu.Units.IsKnown ? $"{iommu.Units.Value.Length} units" : "absent"));
    }
}
