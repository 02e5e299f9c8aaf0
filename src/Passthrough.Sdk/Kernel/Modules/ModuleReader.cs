using System.Collections.Frozen;
using System.Collections.ObjectModel;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>Reads <see cref="KernelModules"/> from a host's files.</summary>
internal static class ModuleReader
{
    /// <summary>The modules of passthrough. All have parameters, and so a directory in sysfs even as part of the kernel image.</summary>
    public static readonly ValueList<string> WithParameters =
        [.. VfioModules.WithParameters, "kvm", "kvm_amd", "kvm_intel", "xen_pciback"];

    public static KernelModules Read(ISysfs files, Fact<string> release, Fact<KernelCommandLine> commandLine) => new()
    {
        Loaded = files.ReadText("/proc/modules").Select(ModuleLists.Loaded),
        BuiltIn = List(files, release, "modules.builtin").Select(ModuleLists.BuiltIn),
        InSysfs = files.List("/sys/module").Select(names => names.ToFrozenSet(StringComparer.Ordinal)),
        Installed = List(files, release, "modules.dep").Select(ModuleLists.Installed),
        Releases = files.List("/lib/modules") is { IsAbsent: false } releases ? releases : files.List("/usr/lib/modules"),
        Configuration = Configuration(files, commandLine),
        InInitramfs = InitramfsModuleReader.Read(files),
        LoadedAtBoot = ModuleLoadLists.Read(files),
        Aliases = List(files, release, "modules.alias").Select(ModuleAliases.Parse),
        Parameters = Parameters(files),
        PciDrivers = files.List("/sys/bus/pci/drivers").Select(names => names.ToFrozenSet(StringComparer.Ordinal)),
        IsLoadingDisabled = files.ReadFlag("/proc/sys/kernel/modules_disabled"),
    };

    private static ReadOnlyDictionary<string, Fact<string>> Parameters(ISysfs files)
    {
        var parameters = new Dictionary<string, Fact<string>>(StringComparer.Ordinal);
        foreach (var module in WithParameters)
        {
            var directory = $"/sys/module/{module}/parameters";
            var names = files.List(directory);
            foreach (var name in names.IsKnown ? names.Value : [])
            {
                parameters[$"{module}.{name}"] = files.ReadText($"{directory}/{name}");
            }
        }

        return parameters.AsReadOnly();
    }

    /// <summary>A list of depmod's for the running kernel. Where /lib is no link to /usr/lib, either may hold it.</summary>
    public static Fact<string> List(ISysfs files, Fact<string> release, string name)
    {
        if (!release.IsKnown)
        {
            return Fact.Unknown<string>($"/lib/modules/*/{name}", $"the release of the running kernel is not known: {release.Reason ?? "absent"}");
        }

        var list = files.ReadText($"/lib/modules/{release.Value}/{name}");
        return list.IsAbsent && files.ReadText($"/usr/lib/modules/{release.Value}/{name}") is { IsAbsent: false } other ? other : list;
    }

    private static Fact<ValueList<ModuleDirective>> Configuration(ISysfs files, Fact<KernelCommandLine> commandLine)
    {
        var paths = new List<string>();
        foreach (var directory in ModprobeConfiguration.Directories)
        {
            var names = files.List(directory);
            if (names.IsUnknown)
            {
                return Fact.Unknown<ValueList<ModuleDirective>>(directory, names.Reason!);
            }

            paths.AddRange(names.Value.Select(name => $"{directory}/{name}"));
        }

        var directives = new List<ModuleDirective>();
        foreach (var path in ModprobeConfiguration.InForce(paths))
        {
            var text = files.ReadText(path);
            if (text.IsUnknown)
            {
                return Fact.Unknown<ValueList<ModuleDirective>>(path, text.Reason!);
            }

            directives.AddRange(ModprobeConfiguration.Parse(text.Value ?? "", path));
        }

        // kmod reads the command line after the files, so that of a parameter that both give the line's is the last one.
        directives.AddRange(commandLine.IsKnown ? ModprobeConfiguration.FromCommandLine(commandLine.Value!) : []);

        return Fact.Known(directives.ToValueList(), ModprobeConfiguration.Directories[0]);
    }
}
