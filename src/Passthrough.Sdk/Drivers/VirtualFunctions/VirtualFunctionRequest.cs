using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Drivers;

/// <summary>The virtual functions that a physical function is to have.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record VirtualFunctionRequest
{
    /// <summary>Gets the number of virtual functions; 0 removes all.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// Gets whether the host binds its drivers to virtual functions: false for those that are meant for guests, so that the host never
    /// uses them; null leaves it unchanged. The plan sets it before it creates the virtual functions. It stays set afterwards, also for
    /// drivers that are loaded later. Source: <c>sriov_drivers_autoprobe</c> (kernel: Documentation/ABI/testing/sysfs-bus-pci).
    /// </summary>
    public bool? ProbesDrivers { get; init; }

    /// <summary>
    /// Gets the settings to make, at most one element for each virtual function. Those of virtual functions that the plan removes and
    /// creates again are kept, unless they are set here.
    /// </summary>
    public ValueList<VirtualFunctionSettings> Settings { get; init; } = [];
}
