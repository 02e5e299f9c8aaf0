using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Compares the driver of a function, and the file that binds it at every boot.</summary>
internal sealed class BindingComparison(StateComparison comparison)
{
    public void Compare(WantedBinding wanted)
    {
        if (wanted is { IsNow: true, Device: { } device })
        {
            CompareNow(wanted, device);
        }

        if (wanted.IsAtBoot)
        {
            CompareAtBoot(wanted);
        }
    }

    private void CompareNow(WantedBinding wanted, PciDevice device)
    {
        var (address, now) = (device.Address, device.Driver ?? "no driver");
        if (wanted.Driver is not { } driver)
        {
            // The override alone lets no driver of the host bind again.
            if ((HostDrivers.IsReserved(device.Driver) ? device.Driver : HostDrivers.IsReserved(device.Details?.DriverOverride) ? device.Details!.DriverOverride : null) is { } reserved)
            {
                comparison.Owe(
                    Differs(address, $"{address} is kept for guests by the driver {reserved}, and should not be", $"passthrough unbind {address}", now),
                    new(StateAction.Unbind) { Device = address, Group = device.IommuGroupId });
            }
        }
        else if (WantedBindings.NameOf(comparison, driver) is var name && name != device.Driver)
        {
            comparison.Owe(
                Differs(address, $"{address} should have the driver {name} and has {now}", $"passthrough bind {address} --driver {name}", now),
                new(StateAction.Bind) { Device = address, Driver = name, Group = device.IommuGroupId });
        }
    }

    private void CompareAtBoot(WantedBinding wanted)
    {
        var (address, configured) = (wanted.Address, comparison.Facts.Snapshot.System.Persistence.Devices);
        if (!configured.IsKnown)
        {
            comparison.Tell(FindingFactory.Undetermined([address], FindingIds.StateNotPersistent, $"whether a file binds {address} at every boot", configured, FindingSeverity.Warning));
            return;
        }

        var files = configured.Value.Where(file => file.Address == address && file.Driver is not null).ToList();
        var own = files.Find(file => file.Origin == PersistenceOrigin.Passthrough);
        if (wanted.Driver is not { } driver)
        {
            CompareGone(address, files, own);
        }
        else if (WhyNot(own, wanted.Device, WantedBindings.NameOf(comparison, driver)) is { } reason)
        {
            comparison.Owe(
                Persistent(address, $"{address} is not bound to {driver} at every boot: {reason}", $"passthrough persist add {address} --driver {driver}", own?.File, reason),
                new(StateAction.Persist) { Device = address, Driver = driver, Group = wanted.Device?.IommuGroupId });
        }
    }

    private void CompareGone(PciAddress address, List<PersistentDevice> files, PersistentDevice? own)
    {
        if (own is not null)
        {
            comparison.Owe(
                Persistent(address, $"{own.File} binds {address} to {own.Driver} at every boot, and should not", $"passthrough persist remove {address}", own.File, own.Driver!),
                new(StateAction.Unpersist) { Device = address });
        }

        foreach (var other in files.Where(file => file.Origin != PersistenceOrigin.Passthrough))
        {
            comparison.Tell(Persistent(
                address,
                $"{other.File} binds {address} to {other.Driver} at every boot, and is the file of another program",
                PersistenceConflict.RemovalOf(other),
                other.File,
                other.Driver!));
        }
    }

    private string? WhyNot(PersistentDevice? file, PciDevice? device, string driver) =>
        file is null ? "no file of this library does it"
        : file.IsEdited ? $"{file.File} was edited"
        : WantedBindings.NameOf(comparison, file.Driver!) != driver ? $"{file.File} binds it to {file.Driver}"
        : device is not null && file.Device?.Matches(device) == false ? $"{file.File} is about another device at this address"
        : null;

    private static Finding Differs(PciAddress device, string title, string remedy, string now) => FindingFactory.Of(
        [device], FindingIds.StateDriverDiffers, FindingSeverity.Warning, title, $"apply the state, or: {remedy}", new Evidence($"/sys/bus/pci/devices/{device}/driver", now));

    private static Finding Persistent(PciAddress device, string title, string remedy, string? file, string value) => FindingFactory.Of(
        [device], FindingIds.StateNotPersistent, FindingSeverity.Warning, title, $"apply the state, or: {remedy}", new Evidence(file ?? "/etc/udev/rules.d", value));
}
