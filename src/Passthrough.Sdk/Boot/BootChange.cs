using System.Collections.Immutable;

namespace Passthrough.Sdk.Boot;

/// <summary>What should be different at the next boot.</summary>
/// <remarks>
/// Removing comes first, adding second. Adding <c>intel_iommu=on</c> where <c>intel_iommu=off</c> stands puts the new
/// word in the old one's place; a parameter that may stand several times (<c>console=</c>) is put beside the others.
/// Thread safety: immutable.
/// </remarks>
public sealed record BootChange
{
    private static readonly string[] BlacklistParameters = ["modprobe.blacklist", "module_blacklist", "rd.driver.blacklist"];

    /// <summary>Parameters that should be in force.</summary>
    public ImmutableArray<BootParameter> Add { get; init; } = [];

    /// <summary>
    /// Parameters that should be gone: <c>NAME</c> with every value that it has, <c>NAME=VALUE</c> with that value, or
    /// with that word of its list (<c>intel_iommu=off</c> out of <c>intel_iommu=sm_on,off</c>).
    /// </summary>
    public ImmutableArray<string> Remove { get; init; } = [];

    /// <summary>Devices that vfio-pci should have from early boot on; null to leave that alone.</summary>
    public VfioEarlyBinding? EarlyBinding { get; init; }

    /// <summary>Modules that should be loaded at boot (modules-load.d): <c>vfio-pci</c>.</summary>
    public ImmutableArray<string> LoadModules { get; init; } = [];

    /// <summary>Modules that must not be blacklisted any more, in modprobe.d and on the command line.</summary>
    public ImmutableArray<string> AllowModules { get; init; } = [];

    /// <summary>Why, one sentence each; the plan carries them.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>Whether nothing is asked for.</summary>
    public bool IsEmpty => Add.IsEmpty && Remove.IsEmpty && EarlyBinding is null && LoadModules.IsEmpty && AllowModules.IsEmpty;

    /// <summary>The words that leave a list on the command line: a module that must not be blacklisted any more.</summary>
    internal IEnumerable<(string Name, string Word)> RemoveWords =>
        from module in AllowModules
        from name in BlacklistParameters
        select (name, module);
}
