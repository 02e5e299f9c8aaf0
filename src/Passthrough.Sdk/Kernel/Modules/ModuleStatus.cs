using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>The facts about one kernel module.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ModuleStatus
{
    /// <summary>Gets the module's name, with underscores.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it is loaded and live. Source: /proc/modules.</summary>
    public Fact<bool> IsLoaded { get; init; }

    /// <summary>Gets whether it is part of the kernel image. Source: /lib/modules/RELEASE/modules.builtin.</summary>
    public Fact<bool> IsBuiltIn { get; init; }

    /// <summary>
    /// Gets whether a file of it is installed for the running kernel. Source: /lib/modules/RELEASE/modules.dep; absent if the
    /// directory of the running kernel does not exist (a kernel was replaced but not booted yet).
    /// </summary>
    public Fact<bool> IsInstalled { get; init; }

    /// <summary>Gets whether it works in the running kernel, loaded or built in. Unknown if neither could be determined.</summary>
    public Fact<bool> IsPresent => IsLoaded.Value ? IsLoaded
        : IsBuiltIn.Value || !IsLoaded.IsKnown ? IsBuiltIn
        : IsBuiltIn.IsUnknown ? IsBuiltIn : IsLoaded;

    /// <summary>Gets the blacklist lines and parameters that name it.</summary>
    public ValueList<ModuleDirective> Blacklists { get; init; } = [];

    /// <summary>Gets the install line that replaces its loading; null if there is none.</summary>
    public ModuleDirective? Install { get; init; }

    /// <summary>
    /// Gets the alias line that redirects its name to another module, or to none (<c>off</c>); null if there is none. It applies to requests
    /// for the module by this name, but not to modules that need it.
    /// </summary>
    public ModuleDirective? Alias { get; init; }

    /// <summary>Gets the options that it is or would be given, from the files and the command line.</summary>
    public ValueList<ModuleDirective> Options { get; init; } = [];

    /// <summary>
    /// Gets what prevents it from being loaded as libvirt does it (<c>modprobe -b</c>): a blacklist line, an install line that loads nothing, or an
    /// alias line that redirects its name. The effect of another install line is not known (<see cref="Install"/>).
    /// </summary>
    public ValueList<ModuleDirective> Obstacles =>
    [
        .. Blacklists,
        .. Install is { PreventsLoading: true } ? [Install] : Array.Empty<ModuleDirective>(),
        .. Alias is { PreventsLoading: true } ? [Alias] : Array.Empty<ModuleDirective>(),
    ];
}
