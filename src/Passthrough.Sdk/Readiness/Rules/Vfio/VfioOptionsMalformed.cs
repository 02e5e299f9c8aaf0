using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports an option of VFIO's modules that the kernel reads differently from what was meant, or not at all.</summary>
internal sealed class VfioOptionsMalformed : IReadinessRule
{
    private static readonly IReadOnlyDictionary<string, ValueList<string>> Known = new Dictionary<string, ValueList<string>>(StringComparer.Ordinal)
    {
        ["vfio_pci"] = ["ids", "nointxmask", "disable_vga", "disable_idle_d3", "enable_sriov", "disable_denylist"],
        ["vfio"] = ["enable_unsafe_noiommu_mode"],
        ["vfio_iommu_type1"] = ["allow_unsafe_interrupts", "disable_hugepages", "dma_entry_limit"],
    };

    private static readonly ValueList<string> Flags =
        ["nointxmask", "disable_vga", "disable_idle_d3", "enable_sriov", "disable_denylist", "enable_unsafe_noiommu_mode", "allow_unsafe_interrupts", "disable_hugepages"];

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioOptionsMalformed,
            Severity = FindingSeverity.Warning,
            Title = "an option of VFIO's modules does not have the intended effect",
            Meaning =
                "A space ends a list (ids=10de:1b80, 10de:10f0). An id that is not hexadecimal is ignored (the kernel's log: "
                + "invalid id string). The kernel keeps only the last ids=. An option that the module does not know is ignored "
                + "(unknown parameter '10de:10f0' ignored), and so is a line that begins with an unknown word. A flag with a value "
                + "that is neither yes nor no prevents the module from being loaded (then the finding is an error while the module "
                + "is not loaded).",
            Detection =
                "The options of vfio-pci, vfio and vfio_iommu_type1 in the files of modprobe.d and on the kernel's command line, read as "
                + "modprobe and the kernel read them.",
            Remedy =
                "Correct the line that the finding names: one list without spaces, ids=10de:1b80,10de:10f0. Update the initramfs, "
                + "which has a copy of the file, and reboot.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var system = context.System;
        if (!context.NeedsVfio || context.IsDom0)
        {
            yield break;
        }

        var said = (system.Kernel.Log.Value?.Lines ?? [])
            .Where(line => line.Contains("vfio", StringComparison.Ordinal)
                && (line.Contains("unknown parameter", StringComparison.Ordinal) || line.Contains("invalid id string", StringComparison.Ordinal) || line.Contains("invalid for parameter", StringComparison.Ordinal)))
            .Take(3)
            .Select(line => new Evidence(system.Kernel.Log.Source, line))
            .ToList();
        foreach (var lost in VfioIds.LostOf(system).DistinctBy(lost => (lost.Id, lost.Evidence)).GroupBy(lost => lost.Evidence))
        {
            yield return FindingFactory.OfHost(
                FindingIds.VfioOptionsMalformed,
                FindingSeverity.Warning,
                $"{lost.Key.Source} contains ids that vfio-pci does not accept: {string.Join("; ", lost.Select(one => $"{one.Id} ({one.Why})"))}",
                VfioIds.Rewrite(lost.Key),
                [lost.Key, .. said]);
        }

        foreach (var finding in Known.Keys.Order(StringComparer.Ordinal).SelectMany(module => CheckOptions(system, module)))
        {
            yield return finding with { Evidence = [.. finding.Evidence, .. said] };
        }

        foreach (var line in Unrecognized(system))
        {
            yield return FindingFactory.OfHost(
                FindingIds.VfioOptionsMalformed,
                FindingSeverity.Warning,
                $"{VfioIds.PlaceOf(line)} begins with '{line.Argument.Split((char[])[' ', '\t'], 2)[0]}', which modprobe does not know; it ignores the line",
                $"correct the word in {line.Source} (options, blacklist, install, alias, softdep), update the initramfs and reboot",
                new Evidence(VfioIds.PlaceOf(line), line.Argument));
        }
    }

    private static IEnumerable<Finding> CheckOptions(HostSystem system, string module)
    {
        var name = module == VfioModules.Driver ? "vfio-pci" : module;
        foreach (var (option, directive) in ModuleOptions.All(system, module))
        {
            var place = VfioIds.PlaceOf(directive);
            var parameter = KernelNames.Canonical(option.Name);
            if (Flags.Contains(parameter) && ModuleOptions.IsOn(option.Value) is null)
            {
                yield return FindingFactory.OfHost(
                    FindingIds.VfioOptionsMalformed,
                    system.Modules[module].IsPresent is { IsKnown: true, Value: false } ? FindingSeverity.Error : FindingSeverity.Warning,
                    $"{place} sets {option} for {name}, which is neither yes nor no: the kernel refuses to load the module",
                    $"write {option.Name}=1 or {option.Name}=0 in {directive.Source}, update the initramfs and reboot",
                    new Evidence(place, directive.ToString()));
            }
            else if (option.Name.Length > 0 && !Known[module].Contains(parameter) && !(option.Value is null && option.Name.Contains(':', StringComparison.Ordinal)))
            {
                yield return FindingFactory.OfHost(
                    FindingIds.VfioOptionsMalformed,
                    FindingSeverity.Warning,
                    $"{place} sets the option {option.Name} for {name}, which the module does not know: it is ignored",
                    Nearest(module, parameter) is { } meant
                        ? $"write {meant} in {directive.Source}, update the initramfs and reboot"
                        : $"remove it from {directive.Source}; modinfo {name} lists the valid options",
                    new Evidence(place, directive.ToString()));
            }
        }
    }

    private static string? Nearest(string module, string option) =>
        Known[module].FirstOrDefault(known => IommuMisspelt.IsNearly(IommuMisspelt.Plain(option), IommuMisspelt.Plain(known)));

    private static IEnumerable<ModuleDirective> Unrecognized(HostSystem system) => system.Modules.Configuration is { IsKnown: true, Value: var lines }
        ? lines.Where(line => line.Kind == ModuleDirectiveKind.Unrecognized && (Known.ContainsKey(line.Module) || line.Argument.Contains("vfio", StringComparison.OrdinalIgnoreCase)))
        : [];
}
