namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>The kinds of lines of the modprobe configuration.</summary>
public enum ModuleDirectiveKind
{
    /// <summary>
    /// <c>blacklist</c>, or <c>modprobe.blacklist=</c>: the module's own aliases are ignored, so it is not loaded for a device.
    /// A call that names the module still loads it, unless it requests that the blacklist is respected, as libvirt does (<c>modprobe -b</c>).
    /// </summary>
    Blacklist = 0,

    /// <summary><c>module_blacklist=</c> on the kernel command line: the kernel itself always refuses the module.</summary>
    KernelBlacklist = 1,

    /// <summary><c>install</c>: a command that is run in place of loading the module.</summary>
    Install = 2,

    /// <summary><c>remove</c>: a command that is run in place of unloading it.</summary>
    Remove = 3,

    /// <summary><c>options</c>: parameters for the module.</summary>
    Options = 4,

    /// <summary><c>alias</c>: another name for the module.</summary>
    Alias = 5,

    /// <summary><c>softdep</c>: modules that are loaded before and after it.</summary>
    SoftDependency = 6,

    /// <summary>A line that begins with a word that modprobe does not know (<c>option</c> for <c>options</c>) and ignores.</summary>
    Unrecognized = 7,
}
