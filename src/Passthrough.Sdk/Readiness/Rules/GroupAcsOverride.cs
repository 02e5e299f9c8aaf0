using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The kernel was told to split groups whose members can reach one another.</summary>
internal sealed class GroupAcsOverride : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.GroupAcsOverride,
            Severity = FindingSeverity.Warning,
            Title = "the kernel was told to split IOMMU groups whose members can reach one another",
            Meaning =
                "pcie_acs_override= makes groups smaller on paper. Devices of different groups can then still read and write one "
                + "another past the IOMMU: a guest reaches the host's or another guest's device. Only patched kernels know the "
                + "parameter; others ignore it.",
            Detection = "pcie_acs_override in /proc/cmdline; where the kernel's log was readable, whether the kernel said that it applies it.",
            Remedy =
                "Drop the parameter and give away whole groups, or move the card to a slot with a group of its own, or enable ACS in "
                + "the firmware's set-up. Keep it only for guests that are trusted like the host.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio || context.System.Kernel.CommandLine.Value is not { } line || line.Last("pcie_acs_override") is not { } parameter)
        {
            yield break;
        }

        var said = context.System.Kernel.Log.Value?.Lines.FirstOrDefault(text => text.Contains("ACS override", StringComparison.OrdinalIgnoreCase));
        yield return FindingFactory.Of(
            FindingIds.GroupAcsOverride,
            FindingSeverity.Warning,
            $"{parameter} splits IOMMU groups on paper: devices of different groups may still reach one another",
            $"{BootWords.Remove(context.System.Boot, parameter.ToString())}, and give away whole groups; or keep it only for guests that are trusted like the host",
            [new Evidence(context.System.Kernel.CommandLine.Source, line.Text), .. said is null ? [] : (Evidence[])[new(context.System.Kernel.Log.Source, said)]]);
    }
}
