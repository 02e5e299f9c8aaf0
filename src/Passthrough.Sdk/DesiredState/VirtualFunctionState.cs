using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>The virtual functions of a physical function.</summary>
/// <param name="Select">The physical function; it must match exactly one.</param>
/// <param name="Count">The number of virtual functions; 0 for none, which also removes what binds them at boot.</param>
/// <remarks>
/// The number is set now and at every boot, <see cref="ProbesDrivers"/> too. The settings are made now only: the kernel forgets them at a
/// reboot, so check and apply the state after it. Thread safety: immutable.
/// </remarks>
public sealed record VirtualFunctionState(DeviceSelector Select, int Count)
{
    /// <summary>Gets whether the host binds its drivers to virtual functions; null to leave it alone, which is false at the next boot unless a file says otherwise.</summary>
    public bool? ProbesDrivers { get; init; }

    /// <summary>Gets the settings of virtual functions, at most one element for each; a value that is null is left alone.</summary>
    public ValueList<VirtualFunctionSettings> Settings { get; init; } = [];

    /// <summary>Gets the driver to which every virtual function is bound, such as <c>vfio-pci</c>; null to leave their drivers alone.</summary>
    public string? Driver { get; init; }

    /// <summary>Gets whether the virtual functions exist and are bound now, at every boot, or both, which is the default.</summary>
    public StateScope Scope { get; init; }
}
