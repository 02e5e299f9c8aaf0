using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that there is no IOMMU group. Other rules report the cause if the facts show it.</summary>
internal sealed class IommuInactive : IReadinessRule
{
    private const string SearchLog =
        "search the kernel's log for DMAR, AMD-Vi or SMMU: it says why the kernel does not use the IOMMU; a newer firmware often fixes the tables";

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuInactive,
            Severity = FindingSeverity.Error,
            Title = "the kernel has no IOMMU group",
            Meaning =
                "No device can be assigned to a guest. The facts do not show the cause: the tables exist and no parameter "
                + "disables the IOMMU, or the kernel was built without the driver, or it rejected the firmware's tables.",
            Detection =
                "/sys/kernel/iommu_groups is empty or does not exist; groups of VFIO's mode without an IOMMU do not count. If "
                + "another finding explains it, this one is listed below that one. If there are groups, a device without one. "
                + "With an SMMU (Arm) or a virtio-iommu, a device joins its group when a driver binds to it: without a driver, its "
                + "group is unknown.",
            Remedy = Remedies.Sentence(SearchLog),
        },
    ];

    public ValueList<string> ExplainedBy { get; } = Causes.OfNoGroups;

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
            yield return FindingFactory.UndeterminedOfHost(FindingIds.IommuInactive, "whether the IOMMU is in use", iommu.GroupCount);
            yield break;
        }

        var (title, remedy) = Say(context);
        yield return FindingFactory.OfHost(
            FindingIds.IommuInactive,
            FindingSeverity.Error,
            title,
            remedy,
            [
                iommu.GroupCount.ToEvidence(),
                new Evidence(iommu.Units.Source, iommu.Units.IsKnown ? $"{iommu.Units.Value.Count} units" : "absent"),
                .. (kernel.Log.Value?.Lines ?? [])
                    .Where(line => Subjects.Any(word => line.Contains(word, StringComparison.Ordinal)) && Complaints.Any(word => line.Contains(word, StringComparison.Ordinal)))
                    .Take(3)
                    .Select(line => new Evidence(kernel.Log.Source, line)),
            ]);
    }

    private static (string Title, string Remedy) Say(ReadinessContext context) => context switch
    {
        { IsDom0: true } => (
            "Xen drives the IOMMU of this host, so no guest of QEMU in dom0 can own a device",
            "use a guest of Xen (xen:///system), or boot the entry without Xen"),
        { System.Iommu.GroupCount.IsAbsent: true } => (
            "this kernel does not support IOMMUs (there is no /sys/kernel/iommu_groups)",
            "boot a kernel that was built with CONFIG_IOMMU_SUPPORT and the driver for this machine's IOMMU"),
        _ when context.System.Firmware.Has("DMAR").Value && context.System.Kernel.Config.Value is { } config && IommuNotEnabled.LacksDriver(config) => (
            "the machine has an Intel IOMMU, and this kernel was built without its driver (CONFIG_INTEL_IOMMU)",
            "boot another kernel, such as the distribution's own"),
        _ => (
            "the kernel has no IOMMU group, so no device can be assigned to a guest",
            SearchLog),
    };
}
