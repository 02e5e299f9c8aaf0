using System.Collections.Immutable;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>There is no IOMMU group. The rules before say why, where it can be told.</summary>
internal sealed class IommuInactive : IReadinessRule
{
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
