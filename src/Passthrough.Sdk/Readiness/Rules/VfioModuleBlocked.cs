using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>vfio-pci is not there and cannot be loaded: blacklisted, or no part of this kernel.</summary>
internal sealed class VfioModuleBlocked : IReadinessRule
{
    public ImmutableArray<string> ExplainedBy { get; } = Causes.OfNoIommu;

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var module = context.System.Modules["vfio_pci"];
        if (!context.NeedsVfio || module.IsPresent.Value)
        {
            yield break;
        }

        var obstacles = module.Obstacles.ToList();
        if (obstacles.Count > 0)
        {
            yield return FindingFactory.Of(
                FindingIds.VfioModuleBlacklisted,
                FindingSeverity.Error,
                $"vfio-pci is blacklisted: {obstacles[0]} ({obstacles[0].Source}{(obstacles[0].Line > 0 ? $" line {obstacles[0].Line}" : "")})",
                "remove that line, then modprobe vfio-pci",
                [.. obstacles.Select(obstacle => new Evidence(obstacle.Source, obstacle.ToString()))]);
        }
        else if (module.IsInstalled is { IsKnown: true, Value: false } && module.IsBuiltIn is { IsKnown: true, Value: false })
        {
            yield return FindingFactory.Of(
                FindingIds.VfioModuleUnavailable,
                FindingSeverity.Error,
                "this kernel has no vfio-pci, neither as a module nor built in",
                "install the rest of the kernel's modules (linux-modules-extra on some distributions) or boot a kernel with CONFIG_VFIO_PCI",
                new Evidence(module.IsInstalled.Source, "no vfio-pci"));
        }
    }
}
