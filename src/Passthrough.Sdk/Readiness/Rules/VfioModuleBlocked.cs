using System.Collections.Immutable;
using Passthrough.Sdk.Host.Modules;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>vfio-pci is not there and cannot be loaded: blacklisted, or no part of this kernel.</summary>
internal sealed class VfioModuleBlocked : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioModuleBlacklisted,
            Severity = FindingSeverity.Error,
            Title = "vfio-pci is kept from being loaded",
            Meaning =
                "A blacklist line, an install line that loads nothing, or a parameter of the kernel. libvirt loads the module with "
                + "modprobe -b, for which a blacklist line counts.",
            Detection =
                "The files of modprobe.d and /proc/cmdline (module_blacklist=, modprobe.blacklist=), for vfio-pci and what it needs: "
                + "vfio, vfio_pci_core, vfio_iommu_type1.",
            Remedy = "Remove the line that is named, then modprobe vfio-pci; a parameter of the kernel needs a reboot.",
        },
        new()
        {
            Id = FindingIds.VfioModuleUnavailable,
            Severity = FindingSeverity.Error,
            Title = "the running kernel has no vfio-pci",
            Meaning = "Nothing can offer a device to user space.",
            Detection =
                "modules.dep and modules.builtin of the running kernel. Unknown where they are not there at all; where other kernels' "
                + "are, the running one was replaced and not yet left.",
            Remedy =
                "Install the rest of the kernel's modules (linux-modules-extra on some distributions), boot the kernel that is "
                + "installed, or one with CONFIG_VFIO_PCI.",
        },
    ];

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
                obstacles[0].Source == "/proc/cmdline"
                    ? BootWords.Remove(context.System.Boot, $"{(obstacles[0].Kind == ModuleDirectiveKind.KernelBlacklist ? "module_blacklist" : "modprobe.blacklist")}=vfio-pci")
                    : "remove that line, then modprobe vfio-pci (or: passthrough boot apply)",
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
