using System.Collections.Frozen;
using System.Collections.ObjectModel;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>The kernel modules of a host: the loaded, built-in and installed ones, and their configuration.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record KernelModules
{
    /// <summary>Gets the loaded modules by name, with underscores. Source: /proc/modules; absent in a kernel without modules.</summary>
    public Fact<FrozenDictionary<string, LoadedModule>> Loaded { get; init; }

    /// <summary>Gets the names of the modules in the kernel image. Source: /lib/modules/RELEASE/modules.builtin.</summary>
    public Fact<FrozenSet<string>> BuiltIn { get; init; }

    /// <summary>
    /// Gets the modules that have a directory in sysfs: the loaded ones, and those in the kernel image that have parameters or a
    /// version, as all of VFIO's have. Source: /sys/module.
    /// </summary>
    public Fact<FrozenSet<string>> InSysfs { get; init; }

    /// <summary>Gets the installed modules with their files, relative to /lib/modules/RELEASE. Source: modules.dep there.</summary>
    public Fact<FrozenDictionary<string, string>> Installed { get; init; }

    /// <summary>Gets the kernels whose modules are installed, by release. Source: /lib/modules, else /usr/lib/modules.</summary>
    public Fact<ValueList<string>> Releases { get; init; }

    /// <summary>
    /// Gets the modprobe configuration in the order of its precedence, with the additions of the kernel command line. Source: *.conf
    /// in /etc/modprobe.d, /run/modprobe.d, /usr/local/lib/modprobe.d, /usr/lib/modprobe.d and /lib/modprobe.d, where a file
    /// hides those of the same name in later directories. Unknown as soon as one of the files cannot be read.
    /// </summary>
    public Fact<ValueList<ModuleDirective>> Configuration { get; init; }

    /// <summary>
    /// Gets the modules that are to be loaded at boot, with underscores, and the file that names each. Source: *.conf in
    /// /etc/modules-load.d and the same directories under /run, /usr/local/lib and /usr/lib, and /etc/modules. Unknown as soon as one of
    /// the files cannot be read.
    /// </summary>
    public Fact<FrozenDictionary<string, string>> LoadedAtBoot { get; init; }

    /// <summary>
    /// Gets the modules that the configuration of the initramfs tool names, in their order. Source: /etc/initramfs-tools/modules, MODULES of
    /// mkinitcpio.conf, force_drivers of dracut.conf, modules_force_load of booster.yaml; absent if none of these files exists, unknown as soon
    /// as one cannot be read. The image itself, which may be older, is not opened.
    /// </summary>
    public Fact<ValueList<InitramfsModule>> InInitramfs { get; init; }

    /// <summary>Gets the assignment of modules to devices. Source: /lib/modules/RELEASE/modules.alias.</summary>
    public Fact<ModuleAliases> Aliases { get; init; }

    /// <summary>
    /// Gets the parameters of the modules that matter for passthrough, by <c>module.parameter</c> with underscores (<c>kvm_intel.nested</c>).
    /// Source: /sys/module/MODULE/parameters, where a parameter can be hidden from ordinary users or from all users.
    /// </summary>
    public IReadOnlyDictionary<string, Fact<string>> Parameters { get; init; } = ReadOnlyDictionary<string, Fact<string>>.Empty;

    /// <summary>
    /// Gets the drivers that are registered on the PCI bus, by their names in sysfs. A driver in the kernel image whose start failed is not among
    /// them. Source: /sys/bus/pci/drivers.
    /// </summary>
    public Fact<FrozenSet<string>> PciDrivers { get; init; }

    /// <summary>Gets whether the kernel no longer accepts modules. Source: /proc/sys/kernel/modules_disabled; absent in a kernel without modules.</summary>
    public Fact<bool> IsLoadingDisabled { get; init; }

    /// <summary>Gets what is known about one module.</summary>
    /// <param name="name">Its name; dash and underscore are the same.</param>
    public ModuleStatus this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            var canonical = KernelNames.Canonical(name);
            var all = Configuration.IsKnown ? Configuration.Value : [];
            var directives = all.Where(d => d.Kind != ModuleDirectiveKind.Alias && d.Module == canonical).ToList();
            return new ModuleStatus
            {
                Name = canonical,
                IsLoaded = Loaded.IsKnown
                    ? Loaded.Select(loaded => loaded.TryGetValue(canonical, out var module) && module.IsLive)
                    : InSysfs.IsKnown ? InSysfs.Select(names => names.Contains(canonical)) : Loaded.Select(_ => false),
                IsBuiltIn = IsBuiltIn(canonical),
                IsInstalled = Installed.Select(names => names.ContainsKey(canonical)),
                Blacklists = [.. directives.Where(d => d.Kind is ModuleDirectiveKind.Blacklist or ModuleDirectiveKind.KernelBlacklist)],

                // kmod matches the names of these two as shell patterns, and takes the first that fits.
                Install = all.FirstOrDefault(d => d.Kind == ModuleDirectiveKind.Install && AliasPattern.Matches(d.Module, canonical)),
                Alias = all.FirstOrDefault(d => d.Kind == ModuleDirectiveKind.Alias && AliasPattern.Matches(d.Module, canonical)),
                Options = [.. directives.Where(d => d.Kind == ModuleDirectiveKind.Options)],
            };
        }
    }

    // Without depmod's list, sysfs tells as well: a directory of a module that was not loaded is one of the image's.
    private Fact<bool> IsBuiltIn(string name)
    {
        if (BuiltIn.IsKnown || !InSysfs.IsKnown || !Loaded.IsKnown)
        {
            return BuiltIn.Select(names => names.Contains(name));
        }

        return InSysfs.Value!.Contains(name) ? Fact.Known(!Loaded.Value!.ContainsKey(name), $"{InSysfs.Source}/{name}")
            : ModuleReader.WithParameters.Contains(name) ? Fact.Known(false, InSysfs.Source)
            : BuiltIn.Select(_ => false);
    }
}
