using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that vfio-pci is not loaded and cannot be loaded: it is blacklisted, or this kernel does not have it.</summary>
internal sealed class VfioModuleBlocked : IReadinessRule
{
    private const string HaveModule =
        "install the remaining modules of the kernel (linux-modules-extra on some distributions), boot the kernel that is installed, or boot one with CONFIG_VFIO_PCI";

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioModuleBlacklisted,
            Severity = FindingSeverity.Error,
            Title = "the configuration prevents vfio-pci from being loaded",
            Meaning =
                "The cause is a blacklist line, an install line that loads nothing, an alias line that redirects its name, or a "
                + "kernel parameter. libvirt loads the module with modprobe -b, which honours blacklist lines.",
            Detection =
                "The files of modprobe.d and /proc/cmdline (the last module_blacklist=, every modprobe.blacklist=; both are "
                + "compared character by character with vfio_pci), for vfio-pci and the modules that it needs: vfio, vfio_pci_core, "
                + "vfio_iommu_type1. Unknown if an install line has a command other than /bin/false or /bin/true, because the "
                + "effect of the command is not known.",
            Remedy = "Remove the line that the finding names, then run modprobe vfio-pci. For a kernel parameter, reboot.",
        },
        new()
        {
            Id = FindingIds.VfioModuleUnavailable,
            Severity = FindingSeverity.Error,
            Title = "the running kernel has no vfio-pci",
            Meaning = "Without vfio-pci, no device can be passed to a program such as QEMU.",
            Detection =
                "modules.dep and modules.builtin of the running kernel. Unknown if there are no modules at all. If only modules "
                + "of other kernels exist, the running kernel was replaced, but not rebooted.",
            Remedy = Remedies.Sentence(HaveModule),
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
            yield return FindingFactory.OfHost(
                FindingIds.VfioModuleBlacklisted,
                FindingSeverity.Error,
                first.Kind == ModuleDirectiveKind.Alias
                    ? $"vfio-pci cannot be loaded by its name: {first} ({VfioIds.PlaceOf(first)})"
                    : $"{Name(first)} is blacklisted: {first} ({VfioIds.PlaceOf(first)})",
                first.Source == "/proc/cmdline"
                    ? Remove(context.System, first)
                    : "remove that line, then modprobe vfio-pci; if the initramfs has a copy of it, update that too",
                [.. obstacles.Select(obstacle => new Evidence(obstacle.Source, obstacle.ToString()))]);
        }
        else if (!module.IsPresent.Value && Missing(context) is { } missing)
        {
            yield return missing;
        }
        else if (VfioModules.CommandsNow(modules).ToList() is { Count: > 0 } commands)
        {
            var command = commands[0];
            yield return FindingFactory.UndeterminedOfHost(
                FindingIds.VfioModuleBlacklisted,
                $"whether {Name(command)} can be loaded",
                Fact.Unknown<string>(VfioIds.PlaceOf(command), $"{command}: it is not known what this command does instead of loading the module")) with
            {
                Remedy = $"run modprobe vfio-pci and check whether /proc/modules has vfio_pci then; otherwise remove the line from {command.Source}",
            };
        }
        else if (module.IsPresent is { IsKnown: true, Value: false } && modules.Configuration.IsUnknown)
        {
            yield return FindingFactory.UndeterminedOfHost(FindingIds.VfioModuleBlacklisted, "whether vfio-pci is blacklisted", modules.Configuration);
        }
    }

    private static Finding? Missing(ReadinessContext context)
    {
        var modules = context.System.Modules;
        var module = modules[VfioModules.Driver];
        if (module.IsInstalled is { IsKnown: true, Value: false } && module.IsBuiltIn is { IsKnown: true, Value: false })
        {
            return FindingFactory.OfHost(
                FindingIds.VfioModuleUnavailable,
                FindingSeverity.Error,
                "this kernel has no vfio-pci, neither as a module nor built in",
                HaveModule,
                new Evidence(module.IsInstalled.Source, "no vfio-pci"));
        }

        // Modules of other kernels exist, but not those of the running one: it was replaced, and nothing can be loaded until the next boot.
        return modules.Releases is { IsKnown: true, Value: { IsEmpty: false } releases } && context.System.Kernel.Release.Value is { } release
            && !releases.Contains(release) && module.IsLoaded is { IsKnown: true, Value: false } && modules.Installed.IsAbsent
            ? FindingFactory.OfHost(
                FindingIds.VfioModuleUnavailable,
                FindingSeverity.Error,
                $"the modules of the running kernel {release} are no longer installed",
                $"reboot into one of {string.Join(", ", releases)}",
                new Evidence(modules.Releases.Source, string.Join(' ', releases)),
                context.System.Kernel.Release.ToEvidence())
            : null;
    }

    // A list may also name other modules that should stay blacklisted.
    private static string Remove(HostSystem system, ModuleDirective directive)
    {
        var name = directive.Kind == ModuleDirectiveKind.KernelBlacklist ? ParameterReadings.ModuleBlacklist : ParameterReadings.ModprobeBlacklist;
        var parameter = system.Kernel.CommandLine.Value?.All(name).LastOrDefault(one => one.Options.Contains(directive.Module)) ?? new KernelParameter(name, directive.Module);
        var others = string.Join(',', parameter.Options.Where(option => option != directive.Module));
        return (others.Length == 0 ? "" : $"replace {parameter} by {parameter.Name}={others}: ") + BootWords.Remove(system.Boot, parameter.ToString());
    }

    private static string Name(ModuleDirective directive) => directive.Module == VfioModules.Driver ? "vfio-pci" : directive.Module;
}
