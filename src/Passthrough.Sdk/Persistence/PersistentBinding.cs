using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence;

/// <summary>A function that is bound to a driver at every boot.</summary>
/// <remarks>
/// The equivalent by hand is <c>driverctl set-override ADDRESS DRIVER</c>, which compares the address only. Thread safety: immutable.
/// </remarks>
/// <param name="Device">The function.</param>
/// <param name="Driver">The driver's name in <c>/sys/bus/pci/drivers</c>: <c>vfio-pci</c>.</param>
public sealed record PersistentBinding(PersistentIdentity Device, string Driver)
{
    /// <summary>The driver for a function that is given to guests: <c>vfio-pci</c>.</summary>
    public const string DefaultDriver = "vfio-pci";

    /// <summary>Returns the binding of a function of this host.</summary>
    /// <param name="device">The function, with its details (<see cref="Host.CaptureOptions.DetailsOf"/>).</param>
    /// <param name="driver">The driver's name in <c>/sys/bus/pci/drivers</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> or <paramref name="driver"/> is null.</exception>
    /// <exception cref="PersistenceException">The ids or the details of the function are not known.</exception>
    public static PersistentBinding Of(PciDevice device, string driver = DefaultDriver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        return new PersistentBinding(PersistentIdentity.Of(device), driver);
    }

    /// <summary>Returns the function and the driver.</summary>
    public override string ToString() => $"{Device} to {Driver}";
}
