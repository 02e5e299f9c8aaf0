using System.Collections.Immutable;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>A module in the running kernel, a line of /proc/modules.</summary>
/// <param name="Name">Its name, with underscores.</param>
/// <param name="References">How many users it has; null where the kernel cannot unload modules.</param>
/// <param name="UsedBy">The modules that use it.</param>
/// <param name="State"><c>Live</c>, <c>Loading</c> or <c>Unloading</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LoadedModule(string Name, int? References, ImmutableArray<string> UsedBy, string State)
{
    /// <summary>Whether it is there to be used: neither still loading nor already going.</summary>
    public bool IsLive => State == "Live";
}
