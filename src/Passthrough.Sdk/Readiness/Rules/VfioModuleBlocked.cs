using System.Collections.Immutable;
using Passthrough.Sdk.Host;
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

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var modules = context.System.Modules;
        var module = modules[VfioModules.Driver];
        if (!context.NeedsVfio || context.IsDom0)
        {
            yield break;
        }

        var obstacles = VfioModules.ObstaclesNow(modules).ToList();
        if (obstacles.Count > 0)
        {
            var first = obstacles[0];
            yield return FindingFactory.Of(
                FindingIds.VfioModuleBlacklisted,
                FindingSeverity.Error,
                $"{Name(first)} is blacklisted: {first} ({first.Source}{(first.Line > 0 ? $" line {first.Line}" : "")})",
                first.Source == "/proc/cmdline"
                    ? BootWords.Remove(context.System.Boot, $"{(first.Kind == ModuleDirectiveKind.KernelBlacklist ? "module_blacklist" : "modprobe.blacklist")}={Name(first)}")
                    : "remove that line, then modprobe vfio-pci; where the initramfs has a copy of it, update that too (or: passthrough boot apply)",
                [.. obstacles.Select(obstacle => new Evidence(obstacle.Source, obstacle.ToString()))]);
        }
        else if (!module.IsPresent.Value && Missing(context) is { } missing)
        {
            yield return missing;
        }
        else if (module.IsPresent is { IsKnown: true, Value: false } && modules.Configuration.IsUnknown)
        {
            yield return FindingFactory.Undetermined(FindingIds.VfioModuleBlacklisted, "whether vfio-pci is blacklisted", modules.Configuration);
        }
    }

    private static Finding? Missing(ReadinessContext context)
    {
        var modules = context.System.Modules;
        var module = modules[VfioModules.Driver];
        if (module.IsInstalled is { IsKnown: true, Value: false } && module.IsBuiltIn is { IsKnown: true, Value: false })
        {
            return FindingFactory.Of(
                FindingIds.VfioModuleUnavailable,
                FindingSeverity.Error,
                "this kernel has no vfio-pci, neither as a module nor built in",
                "install the rest of the kernel's modules (linux-modules-extra on some distributions) or boot a kernel with CONFIG_VFIO_PCI",
                new Evidence(module.IsInstalled.Source, "no vfio-pci"));
        }

        // Other kernels' modules are there and the running one's are not: it was replaced, and nothing can be loaded until the next boot.
        return modules.Releases is { IsKnown: true, Value: { IsEmpty: false } releases } && context.System.Kernel.Release.Value is { } release
            && !releases.Contains(release) && module.IsLoaded is { IsKnown: true, Value: false } && modules.Installed.IsAbsent
            ? FindingFactory.Of(
                FindingIds.VfioModuleUnavailable,
                FindingSeverity.Error,
                $"the modules of the running kernel {release} are not installed any more",
                $"boot again, into one of {string.Join(", ", releases)}",
                new Evidence(modules.Releases.Source, string.Join(' ', releases)),
                context.System.Kernel.Release.ToEvidence())
            : null;
    }

    private static string Name(ModuleDirective directive) => directive.Module == VfioModules.Driver ? "vfio-pci" : directive.Module;
}
