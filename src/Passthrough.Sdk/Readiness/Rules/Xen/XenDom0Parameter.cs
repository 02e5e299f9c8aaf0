using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports an IOMMU parameter of dom0's kernel, which has no effect because Xen controls the IOMMU.</summary>
internal sealed class XenDom0Parameter : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.XenDom0ParameterHasNoEffect,
            Severity = FindingSeverity.Warning,
            Title = "an IOMMU parameter of dom0's kernel has no effect, because Xen controls the IOMMU",
            Meaning =
                "intel_iommu=, amd_iommu= and iommu= of dom0's kernel have no effect: Xen controls the IOMMU and switches it on "
                + "by default. Adding such a parameter does not enable passthrough, and intel_iommu=off does not disable it.",
            Detection = "/proc/cmdline in dom0 (/sys/hypervisor, /proc/xen/capabilities).",
            Remedy = "Remove it. Xen's own parameters are in GRUB_CMDLINE_XEN (iommu=1, iommu=0). By default none is needed.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var commandLine = context.System.Kernel.CommandLine;
        if (!context.IsDom0 || commandLine.Value is not { } line)
        {
            yield break;
        }

        // iommu=soft concerns dom0's own buffers.
        var idle = line.Parameters
            .Where(parameter => parameter.IsNamed(IommuParameters.Intel) || parameter.IsNamed(IommuParameters.Amd)
                || (parameter.IsNamed("iommu") && parameter.Value != "soft"))
            .ToList();
        if (idle.Count > 0)
        {
            yield return FindingFactory.OfHost(
                FindingIds.XenDom0ParameterHasNoEffect,
                FindingSeverity.Warning,
                $"{string.Join(' ', idle)} of dom0's kernel has no effect: Xen controls the IOMMU",
                $"{BootWords.Remove(context.System.Boot, idle[0].ToString())}; Xen's own switch is iommu= in GRUB_CMDLINE_XEN, which is on by default",
                new Evidence(commandLine.Source, line.Text),
                context.System.Environment.Xen.IsDom0.ToEvidence());
        }
    }
}
