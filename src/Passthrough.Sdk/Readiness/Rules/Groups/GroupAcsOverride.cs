using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a kernel parameter that splits groups whose members can access each other.</summary>
internal sealed class GroupAcsOverride : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.GroupAcsOverride,
            Severity = FindingSeverity.Warning,
            Title = "a kernel parameter splits IOMMU groups whose members can access each other",
            Meaning =
                "pcie_acs_override= makes groups smaller only formally. Devices of different groups can then still read and write "
                + "each other's memory without the IOMMU: a guest can access a device of the host or of another guest. Only patched "
                + "kernels know this parameter; others ignore it.",
            Detection = "pcie_acs_override in /proc/cmdline; if the kernel's log is readable, whether the kernel says that it applies it.",
            Remedy =
                "Remove the parameter and assign whole groups, or move the card to a slot with its own group, or enable ACS in "
                + "the firmware's set-up. Keep it only for guests that you trust as much as the host.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio || context.System.Kernel.CommandLine.Value is not { } line || line.Effective("pcie_acs_override").LastOrDefault() is not { } parameter)
        {
            yield break;
        }

        var said = context.System.Kernel.Log.Value?.Lines.FirstOrDefault(text => text.Contains("ACS override", StringComparison.OrdinalIgnoreCase));
        yield return FindingFactory.OfHost(
            FindingIds.GroupAcsOverride,
            FindingSeverity.Warning,
            $"{parameter} splits IOMMU groups only formally: devices of different groups may still access each other",
            $"{BootWords.Remove(context.System.Boot, parameter.ToString())}, and assign whole groups; or keep it only for guests that you trust as much as the host",
            [new Evidence(context.System.Kernel.CommandLine.Source, line.Text), .. said is null ? [] : (Evidence[])[new(context.System.Kernel.Log.Source, said)]]);
    }
}
