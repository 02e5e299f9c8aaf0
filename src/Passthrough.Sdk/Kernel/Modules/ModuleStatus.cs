using System.Collections.Immutable;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>What a host says about one kernel module.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ModuleStatus
{
    /// <summary>The module's name, with underscores.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is loaded and live. Source: /proc/modules.</summary>
    public Fact<bool> IsLoaded { get; init; }

    /// <summary>Whether it is part of the kernel image. Source: /lib/modules/RELEASE/modules.builtin.</summary>
    public Fact<bool> IsBuiltIn { get; init; }

    /// <summary>
    /// Whether a file of it is installed for the running kernel. Source: /lib/modules/RELEASE/modules.dep; absent where the
    /// directory of the running kernel is not there at all (a kernel was replaced and not booted yet).
    /// </summary>
    public Fact<bool> IsInstalled { get; init; }

    /// <summary>Whether it works in the running kernel, loaded or built in. Unknown where neither could be told.</summary>
    public Fact<bool> IsPresent => IsLoaded.Value ? IsLoaded
        : IsBuiltIn.Value || !IsLoaded.IsKnown ? IsBuiltIn
        : IsBuiltIn.IsUnknown ? IsBuiltIn : IsLoaded;

    /// <summary>The blacklist lines and parameters that name it.</summary>
    public ImmutableArray<ModuleDirective> Blacklists { get; init; } = [];

    /// <summary>The install line that replaces its loading; null where there is none.</summary>
    public ModuleDirective? Install { get; init; }

    /// <summary>
    /// The alias line that makes its name mean another module, or none (<c>off</c>); null where there is none. It counts for whoever asks
    /// for the module by this name, and not for what needs it.
    /// </summary>
    public ModuleDirective? Alias { get; init; }

    /// <summary>The options that it is or would be given, from the files and the command line.</summary>
    public ImmutableArray<ModuleDirective> Options { get; init; } = [];

    /// <summary>
    /// What keeps it from being loaded as libvirt does it (<c>modprobe -b</c>): a blacklist line, an install line that loads nothing, or an
    /// alias line that makes its name mean something else. What another install line runs is not known (<see cref="Install"/>).
    /// </summary>
    public IEnumerable<ModuleDirective> Obstacles =>
    [
        .. Blacklists,
        .. Install is { PreventsLoading: true } ? [Install] : Array.Empty<ModuleDirective>(),
        .. Alias is { PreventsLoading: true } ? [Alias] : Array.Empty<ModuleDirective>(),
    ];
}
