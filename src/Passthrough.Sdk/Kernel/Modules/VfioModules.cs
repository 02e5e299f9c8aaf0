using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>The modules that VFIO is made of, and what keeps them from being loaded. All who ask mean the same by it.</summary>
internal static class VfioModules
{
    /// <summary>The driver that is asked for by its name; the rest comes with it.</summary>
    public const string Driver = "vfio_pci";

    /// <summary>The module that accesses the IOMMU. The kernel loads it by its name when a group is first opened.</summary>
    public const string Backend = "vfio_iommu_type1";

    /// <summary>Those that have parameters, and so a directory in sysfs even as part of the kernel image.</summary>
    public static readonly ValueList<string> WithParameters = ["vfio", Backend, Driver, "vfio_pci_core"];

    /// <summary>Those that an initramfs tool is to be told of, in the order of its list; the rest it finds by itself.</summary>
    public static readonly ValueList<string> ForInitramfs = [Driver, "vfio", Backend];

    // vfio_virqfd is part of vfio since Linux 6.2.
    private static readonly ValueList<string> NeededToo = ["vfio_pci_core", "vfio_virqfd", "vfio", Backend];

    /// <summary>Returns what would prevent the modules from being loaded at the next boot, if none is loaded.</summary>
    /// <remarks>
    /// A blacklist line stops the module that is asked for by name with <c>modprobe -b</c>, as libvirt does, and not what it needs;
    /// the kernel's own list and an install line stop those too. What is part of the kernel image nothing stops.
    /// </remarks>
    public static IEnumerable<ModuleDirective> Obstacles(KernelModules modules) =>
        new[] { Driver }.Concat(NeededToo).SelectMany(name => ObstaclesOf(modules[name]));

    /// <summary>Returns what prevents the missing modules from being loaded; the others are not needed once the driver is loaded.</summary>
    public static IEnumerable<ModuleDirective> ObstaclesNow(KernelModules modules) => MissingNow(modules).SelectMany(ObstaclesOf);

    /// <summary>The install lines of those that are not there now, whose commands may load them or not: it is unknown from the line.</summary>
    public static IEnumerable<ModuleDirective> CommandsNow(KernelModules modules) => MissingNow(modules)
        .Where(module => !module.IsBuiltIn.Value && module.Install is { PreventsLoading: false })
        .Select(module => module.Install!)
        .Distinct();

    // An alias counts where a module is asked for by its name: the driver by libvirt, what talks to the IOMMU by the kernel.
    private static IEnumerable<ModuleDirective> ObstaclesOf(ModuleStatus module) => module.IsBuiltIn.Value ? [] : module.Obstacles.Where(obstacle => obstacle.Kind switch
    {
        ModuleDirectiveKind.Blacklist => module.Name == Driver,
        ModuleDirectiveKind.Alias => module.Name is Driver or Backend,
        _ => true,
    });

    private static IEnumerable<ModuleStatus> MissingNow(KernelModules modules)
    {
        string[] needed = modules[Driver].IsPresent.Value ? [Backend] : [Driver, .. NeededToo];
        return needed.Select(name => modules[name]).Where(module => !module.IsPresent.Value);
    }
}
