using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
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
        var path = UdevRuleFile.PathOfBinding(address);
        var damage = UnclearFiles.WhyNot(comparison, path);
        UnclearFiles.Tell(comparison, address, except: path);
        if (wanted.Driver is not { } driver)
        {
            CompareGone(address, own, damage);
        }
        else if (WhyNot(own, damage, wanted.Device, WantedBindings.NameOf(comparison, driver)) is { } reason)
        {
            comparison.Owe(
                Persistent(address, $"{address} is not bound to {driver} at every boot: {reason}", StateRemedy.Apply($"passthrough persist add {address} --driver {driver}"), own?.File, reason),
                new(StateAction.Persist) { Device = address, Driver = driver, Group = wanted.Device?.IommuGroupId });
        }

        // What belongs to another program is not changed.
        foreach (var other in files.Where(file => file.Origin != PersistenceOrigin.Passthrough && Name(file.Driver) != Name(wanted.Driver)))
        {
            comparison.Tell(Persistent(
                address,
                $"{other.File} binds {address} to {other.Driver} at every boot{(wanted.Driver is null ? "" : $" instead of {wanted.Driver}")}, and is the file of another program",
                PersistenceConflict.RemovalOf(other),
                other.File,
                other.Driver!));
        }
    }

    private string? Name(string? driver) => driver is null ? null : WantedBindings.NameOf(comparison, driver);

    private void CompareGone(PciAddress address, PersistentDevice? own, string? damage)
    {
        var (remedy, demand) = (StateRemedy.Apply($"passthrough persist remove {address}"), new StateDemand(StateAction.Unpersist) { Device = address });
        if (own is not null)
        {
            comparison.Owe(Persistent(address, $"{own.File} binds {address} to {own.Driver} at every boot, and should not", remedy, own.File, own.Driver!), demand);
        }
        else if (damage is not null)
        {
            var file = UdevRuleFile.PathOfBinding(address);
            comparison.Owe(Persistent(address, $"{file} should not exist, and it cannot be understood: {damage}", remedy, file, damage), demand);
        }
    }

    private string? WhyNot(PersistentDevice? file, string? damage, PciDevice? device, string driver) =>
        file is null ? damage is null ? "no file of this library does it" : $"its file cannot be understood: {damage}"
        : file.IsEdited ? $"{file.File} was edited"
        : WantedBindings.NameOf(comparison, file.Driver!) != driver ? $"{file.File} binds it to {file.Driver}"
        : device is not null && file.Device?.Matches(device) == false ? $"{file.File} is about another device at this address"
        : null;

    private static Finding Differs(PciAddress device, string title, string remedy, string now) => FindingFactory.Of(
        [device], FindingIds.StateDriverDiffers, FindingSeverity.Warning, title, StateRemedy.Apply(remedy), new Evidence($"/sys/bus/pci/devices/{device}/driver", now));

    private static Finding Persistent(PciAddress device, string title, string remedy, string? file, string value) => FindingFactory.Of(
        [device], FindingIds.StateNotPersistent, FindingSeverity.Warning, title, remedy, new Evidence(file ?? UdevRuleFile.Directory, value));
}
