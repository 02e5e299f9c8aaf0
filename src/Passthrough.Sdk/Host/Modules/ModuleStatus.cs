using System.Collections.Immutable;

namespace Passthrough.Sdk.Host.Modules;

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

    /// <summary>The options that it is or would be given, from the files and the command line.</summary>
    public ImmutableArray<ModuleDirective> Options { get; init; } = [];

    /// <summary>What keeps it from being loaded as libvirt does it (<c>modprobe -b</c>): a blacklist line, or an install line that loads nothing.</summary>
    public IEnumerable<ModuleDirective> Obstacles => Install is { PreventsLoading: true } ? Blacklists.Add(Install) : Blacklists;
}
