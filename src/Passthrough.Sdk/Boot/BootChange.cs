using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>A change of the boot configuration for the next boot.</summary>
/// <remarks>
/// Parameters are removed first, then added. If <c>intel_iommu=off</c> is configured, adding <c>intel_iommu=on</c> replaces the
/// old word; a parameter that may occur several times (<c>console=</c>) is added to the others.
/// Thread safety: immutable.
/// </remarks>
public sealed record BootChange
{
    private static readonly string[] BlacklistParameters = ["modprobe.blacklist", "module_blacklist", "rd.driver.blacklist"];

    /// <summary>Gets the parameters that should be set.</summary>
    public ValueList<BootParameter> Add { get; init; } = [];

    /// <summary>
    /// Gets the parameters to remove: <c>NAME</c> removes every value, <c>NAME=VALUE</c> only that value, or that word of a list
    /// (<c>intel_iommu=off</c> from <c>intel_iommu=sm_on,off</c>).
    /// </summary>
    public ValueList<string> Remove { get; init; } = [];

    /// <summary>Gets the devices to which vfio-pci should be bound early at boot; null for no change.</summary>
    public VfioEarlyBinding? EarlyBinding { get; init; }

    /// <summary>Gets the modules that should be loaded at boot (modules-load.d): <c>vfio-pci</c>.</summary>
    public ValueList<string> LoadModules { get; init; } = [];

    /// <summary>Gets the modules whose blacklist entries are removed, in modprobe.d and on the command line.</summary>
    public ValueList<string> AllowModules { get; init; } = [];

    /// <summary>Gets the reasons for the change, one sentence each; the plan shows them.</summary>
    public ValueList<string> Reasons { get; init; } = [];

    /// <summary>Gets whether the change is empty.</summary>
    public bool IsEmpty => Add.IsEmpty && Remove.IsEmpty && EarlyBinding is null && LoadModules.IsEmpty && AllowModules.IsEmpty;

    /// <summary>The words that leave a list on the command line: a module that must not be blacklisted any more.</summary>
    internal IEnumerable<(string Name, string Word)> RemoveWords =>
        from module in AllowModules
        from name in BlacklistParameters
        select (name, module);
}
