using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that VFIO is configured to offer devices without an IOMMU. QEMU does not accept them.</summary>
internal sealed class VfioNoIommu : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioNoIommu,
            Severity = FindingSeverity.Warning,
            Title = "VFIO is configured to offer devices without an IOMMU",
            Meaning =
                "A device without an IOMMU can access all memory of the host. This mode is for programs that drive a device "
                + "themselves (DPDK). QEMU refuses such a device, and the kernel is marked as tainted. The mode does not replace an "
                + "IOMMU.",
            Detection =
                "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode; while the module vfio is not loaded, the same parameter in "
                + "modprobe.d and on the kernel's command line.",
            Remedy = "Remove enable_unsafe_noiommu_mode from modprobe.d or the kernel's parameters, and use the IOMMU.",
        },
    ];

    private const string Parameter = "enable_unsafe_noiommu_mode";

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio)
        {
            yield break;
        }

        var now = context.System.Vfio.AllowsNoIommu;
        var later = ModuleOptions.Flag(context.System, "vfio", Parameter);
        if (now.Value || (!now.IsKnown && later is { IsOn: true }))
        {
            yield return FindingFactory.OfHost(
                FindingIds.VfioNoIommu,
                FindingSeverity.Warning,
                "VFIO is configured to offer devices without an IOMMU; QEMU refuses them, and other programs can access all memory of the host through them",
                $"remove {Parameter}{(later is null ? "" : $" ({later.Value.Directive.Source})")} and use the IOMMU",
                [now.ToEvidence(), .. later is null ? [] : (Evidence[])[new(later.Value.Directive.Source, later.Value.Directive.ToString())]]);
        }
    }
}
