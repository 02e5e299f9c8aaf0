using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence;

/// <summary>The functions that files of the host configure for every boot: those of this library, of driverctl and of Unraid.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PersistenceStatus
{
    /// <summary>
    /// Gets the functions in the order of their addresses. Source: <c>/etc/udev/rules.d</c>, <c>/etc/driverctl.d</c> and
    /// <c>/boot/config/vfio-pci.cfg</c>. Unknown as soon as one of them cannot be read.
    /// </summary>
    public Fact<ValueList<PersistentDevice>> Devices { get; init; }

    /// <summary>Gets the files that could not be understood; empty if there are none.</summary>
    public ValueList<PersistenceProblem> Problems { get; init; } = [];

    /// <summary>Compares what is configured with the functions of the host.</summary>
    /// <param name="devices">The functions of the host. Bridges and serial numbers are compared of those that have details.</param>
    /// <returns>One result for each configured function, in the same order; empty if <see cref="Devices"/> is not known.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="devices"/> is null.</exception>
    public ValueList<PersistenceCheck> Check(PciDeviceCollection devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var all = Devices.IsKnown ? Devices.Value : [];
        return [.. all.Select(device => PersistenceChecker.Check(device, devices, all))];
    }
}
