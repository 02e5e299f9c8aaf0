using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>A module in the running kernel, a line of /proc/modules.</summary>
/// <param name="Name">Its name, with underscores.</param>
/// <param name="References">The number of its users; null if the kernel cannot unload modules.</param>
/// <param name="UsedBy">The modules that use it.</param>
/// <param name="State"><c>Live</c>, <c>Loading</c> or <c>Unloading</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LoadedModule(string Name, int? References, ValueList<string> UsedBy, string State)
{
    /// <summary>Gets whether it can be used: it is neither still loading nor being unloaded.</summary>
    public bool IsLive => State == "Live";
}
