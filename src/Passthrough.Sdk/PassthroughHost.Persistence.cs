using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.PersistenceChanges;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk;

/// <content>Plans for every boot.</content>
public sealed partial class PassthroughHost
{
    /// <inheritdoc/>
    public DevicePlan PlanPersist(IEnumerable<PciAddress> devices, string driver = PersistentBinding.DefaultDriver, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(driver);
        var addresses = AddressesOf(devices);
        RefuseBadName(driver);
        return PlanDevices(
            PlanKind.Persist,
            $"bind {string.Join(", ", addresses)} to {driver} at every boot",
            addresses,
            new() { Driver = driver },
            libvirt: null,
            options,
            (snapshot, _, _, expected) => new PersistencePlanner(snapshot, FilesDirectory ?? "/", expected).Bind(addresses, DriverChoice.NameIn(snapshot, driver)));
    }

    /// <inheritdoc/>
    public DevicePlan PlanPersistVirtualFunctions(PciAddress physicalFunction, int count, bool probesDrivers = false, PlanOptions? options = null) => PlanDevices(
        PlanKind.Persist,
        FormattableString.Invariant($"create {count} virtual functions of {physicalFunction} at every boot"),
        [physicalFunction],
        new() { VirtualFunctions = count, ProbesDrivers = probesDrivers },
        libvirt: null,
        options,
        (snapshot, _, _, expected) => new PersistencePlanner(snapshot, FilesDirectory ?? "/", expected).CreateFunctions(physicalFunction, count, probesDrivers));

    /// <inheritdoc/>
    public DevicePlan PlanUnpersist(IEnumerable<PciAddress> devices, PlanOptions? options = null) => PlanUnpersist(devices, functions: null, options);

    /// <summary>The same as <see cref="PlanUnpersist(IEnumerable{PciAddress}, PlanOptions?)"/>, for one kind of files only: a device that no longer goes to guests may get virtual functions.</summary>
    internal DevicePlan PlanUnpersist(IEnumerable<PciAddress> devices, bool? functions, PlanOptions? options)
    {
        var addresses = AddressesOf(devices);
        return PlanDevices(
            PlanKind.Unpersist,
            $"no longer configure {string.Join(", ", addresses)} for every boot",
            addresses,
            new(),
            libvirt: null,
            options,
            (snapshot, _, _, expected) => new PersistencePlanner(snapshot, FilesDirectory ?? "/", expected).Remove(addresses, functions));
    }
}
