using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence;

/// <summary>The virtual functions that a physical function gets at every boot, as soon as its driver has bound.</summary>
/// <remarks>
/// The equivalent by hand is writing <c>sriov_drivers_autoprobe</c> and <c>sriov_numvfs</c> of the physical function (kernel:
/// Documentation/ABI/testing/sysfs-bus-pci). Bindings of the virtual functions follow, because the kernel announces each of them when
/// it is created. Thread safety: immutable.
/// </remarks>
/// <param name="Device">The physical function.</param>
/// <param name="Count">The number of virtual functions, at least 1.</param>
/// <param name="ProbesDrivers">
/// Whether the host's drivers bind to the new virtual functions. If false, only those are bound that have a driver override
/// (since Linux 5.2), such as a <see cref="PersistentBinding"/> sets it.
/// </param>
public sealed record PersistentVirtualFunctions(PersistentIdentity Device, int Count, bool ProbesDrivers = false)
{
    /// <summary>Returns the virtual functions of a physical function of this host.</summary>
    /// <param name="device">The physical function, with its details (<see cref="Host.CaptureOptions.DetailsOf"/>).</param>
    /// <param name="count">The number of virtual functions.</param>
    /// <param name="probesDrivers">Whether the host's drivers bind to the new virtual functions.</param>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="PersistenceException">The function does not support that many, or its ids or details are not known.</exception>
    public static PersistentVirtualFunctions Of(PciDevice device, int count, bool probesDrivers = false)
    {
        var identity = PersistentIdentity.Of(device);
        if (device.Details?.Sriov?.TotalVirtualFunctions is not { } most)
        {
            throw new PersistenceException($"{device.Address} does not support SR-IOV, so it cannot have virtual functions - choose a physical function that has the file sriov_totalvfs.");
        }

        if (count < 1 || count > most)
        {
            throw new PersistenceException($"{device.Address} can have 1 to {most} virtual functions, not {count} - choose a number in this range.");
        }

        return new PersistentVirtualFunctions(identity, count, probesDrivers);
    }

    /// <summary>Returns the physical function and the number of virtual functions.</summary>
    public override string ToString() => $"{Device} with {Count} virtual functions";
}
