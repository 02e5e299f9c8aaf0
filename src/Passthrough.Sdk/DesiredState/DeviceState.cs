using Passthrough.Sdk.Persistence;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Devices that are kept for guests, by binding them to a driver for guests, or that are not.</summary>
/// <param name="Select">The devices.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DeviceState(DeviceSelector Select)
{
    /// <summary>Gets how many functions the selector must match. Another number is a finding, and none of them is changed. The default is 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Gets the driver's name in <c>/sys/bus/pci/drivers</c>. The default is <c>vfio-pci</c>.</summary>
    public string Driver { get; init; } = PersistentBinding.DefaultDriver;

    /// <summary>Gets whether the devices are bound now, at every boot, or both, which is the default.</summary>
    public StateScope Scope { get; init; }

    /// <summary>
    /// Gets whether the devices are not kept for guests: they are returned to the host, and no file of this library binds them at boot. It is
    /// not a finding then if the device does not exist. <see cref="Driver"/> is not used.
    /// </summary>
    public bool IsAbsent { get; init; }
}
