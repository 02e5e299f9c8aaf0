using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>A parameter of dom0's kernel speaks to the IOMMU, which Xen drives.</summary>
internal sealed class XenDom0Parameter : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.XenDom0ParameterHasNoEffect,
            Severity = FindingSeverity.Warning,
            Title = "a parameter of dom0's kernel speaks to the IOMMU, which Xen drives",
            Meaning =
                "intel_iommu=, amd_iommu= and iommu= of dom0's kernel do nothing: Xen takes the IOMMU for itself and is on by "
                + "default. Whoever added it to enable passthrough has not changed anything, and intel_iommu=off disables nothing "
                + "either.",
            Detection = "/proc/cmdline in dom0 (/sys/hypervisor, /proc/xen/capabilities).",
            Remedy = "Remove it. Xen's own parameters are in GRUB_CMDLINE_XEN (iommu=1, iommu=0), where nothing is needed by default.",
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
            yield return FindingFactory.Of(
                FindingIds.XenDom0ParameterHasNoEffect,
                FindingSeverity.Warning,
                $"{string.Join(' ', idle)} of dom0's kernel does nothing: Xen drives the IOMMU",
                $"{BootWords.Remove(context.System.Boot, idle[0].ToString())}; Xen's own switch is iommu= in GRUB_CMDLINE_XEN, on by default",
                new Evidence(commandLine.Source, line.Text),
                context.System.Environment.Xen.IsDom0.ToEvidence());
        }
    }
}
