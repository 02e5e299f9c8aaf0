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

    private static readonly string[] Subjects = ["DMAR", "AMD-Vi", "arm-smmu", "iommu"];
    private static readonly string[] Complaints = ["fail", "not ", "disab", "error", "broken", "BIOS", "unable", "Unable"];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio || context.HasGroups == true)
        {
            yield break;
        }

        var (iommu, kernel) = (context.System.Iommu, context.System.Kernel);
        if (context.HasGroups is null)
        {
            yield return FindingFactory.Undetermined(FindingIds.IommuInactive, "whether the IOMMU is at work", iommu.GroupCount);
            yield break;
        }

        var (title, remedy) = Say(context);
        yield return FindingFactory.Of(
            FindingIds.IommuInactive,
            FindingSeverity.Error,
            title,
            remedy,
            [
                iommu.GroupCount.ToEvidence(),
                new Evidence(iommu.Units.Source, iommu.Units.IsKnown ? $"{iommu.Units.Value.Length} units" : "absent"),
                .. (kernel.Log.Value?.Lines ?? [])
                    .Where(line => Subjects.Any(word => line.Contains(word, StringComparison.Ordinal)) && Complaints.Any(word => line.Contains(word, StringComparison.Ordinal)))
                    .Take(3)
                    .Select(line => new Evidence(kernel.Log.Source, line)),
            ]);
    }

    private static (string Title, string Remedy) Say(ReadinessContext context) => context switch
    {
        { IsDom0: true } => (
            "Xen drives the IOMMU of this host, so that no guest of QEMU in dom0 can own a device",
            "make it a guest of Xen (xen:///system), or boot the entry without Xen"),
        { System.Iommu.GroupCount.IsAbsent: true } => (
            "this kernel has no support for an IOMMU (there is no /sys/kernel/iommu_groups)",
            "boot a kernel that was built with CONFIG_IOMMU_SUPPORT and the driver of this machine's IOMMU"),
        _ when context.System.Firmware.Has("DMAR").Value && context.System.Kernel.Config.Value is { } config && IommuNotEnabled.LacksDriver(config) => (
            "the machine has an Intel IOMMU, and this kernel was built without its driver (CONFIG_INTEL_IOMMU)",
            "boot another kernel, such as the distribution's own"),
        _ => (
            "the kernel has no IOMMU group, so that no device can be given away",
            "look at the kernel log for DMAR, AMD-Vi or SMMU: it says why the IOMMU was not taken into use; a newer firmware often mends its tables"),
    };
}
