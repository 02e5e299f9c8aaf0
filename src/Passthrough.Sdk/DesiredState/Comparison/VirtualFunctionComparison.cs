using System.Globalization;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Compares the virtual functions of a physical function: their number, settings and drivers, now and at every boot.</summary>
internal sealed class VirtualFunctionComparison(StateComparison comparison, WantedBindings bindings)
{
    public void Compare(VirtualFunctionState item)
    {
        if (Selection.Find(comparison, item.Select, count: 1, mayBeNone: item.Count == 0) is not [var device])
        {
            return;
        }

        // If there is nothing to remove from the new card, only the file of the old one goes.
        if ((item.Count > 0 || Count(device) > 0) && ExchangedDevice.Find(comparison, item.Select, device))
        {
            return;
        }

        if (item.Count > 0)
        {
            bindings.AddParent(device.Address);
        }

        var isCount = Count(device) == item.Count;
        if (item.Scope != StateScope.AtBoot)
        {
            CompareNow(item, device, isCount);
        }

        if (item.Scope != StateScope.Now)
        {
            CompareAtBoot(item, device);
        }

        CompareDrivers(item, device, isCount);
    }

    private void CompareNow(VirtualFunctionState item, PciDevice device, bool isCount)
    {
        var demand = new StateDemand(StateAction.SetFunctions) { Device = device.Address, Functions = item };
        if (!isCount)
        {
            comparison.Owe(
                FindingFactory.Of(
                    [device.Address],
                    FindingIds.StateVirtualFunctionCount,
                    FindingSeverity.Warning,
                    string.Create(CultureInfo.InvariantCulture, $"{device.Address} should have {item.Count} virtual functions and has {Count(device)}"),
                    StateRemedy.Apply(string.Create(CultureInfo.InvariantCulture, $"passthrough vf {device.Address} {item.Count}")),
                    new Evidence($"/sys/bus/pci/devices/{device.Address}/sriov_numvfs", Count(device).ToString(CultureInfo.InvariantCulture))),
                demand);
            comparison.Expect(device, item.Count);
        }

        if (item.ProbesDrivers is { } probes && device.Details?.Sriov?.ProbesDrivers != probes)
        {
            var file = $"/sys/bus/pci/devices/{device.Address}/sriov_drivers_autoprobe";
            if (device.Details?.Sriov?.ProbesDrivers is null)
            {
                comparison.Tell(FindingFactory.Undetermined(
                    [device.Address], FindingIds.StateVirtualFunctionSetting, $"whether the host binds its drivers to virtual functions of {device.Address}", Fact.Absent<string>(file), FindingSeverity.Warning));
            }
            else
            {
                comparison.Owe(Setting(device.Address, $"the host binds {(probes ? "no driver" : "its drivers")} to virtual functions of {device.Address}, and should {(probes ? "" : "not ")}do so", file, probes ? "0" : "1"), demand);
            }
        }

        // New virtual functions get their settings when they are created.
        if (isCount)
        {
            CompareSettings(item, device, demand);
        }
    }

    private void CompareSettings(VirtualFunctionState item, PciDevice device, StateDemand demand)
    {
        var now = VirtualFunctionsNow.Of(comparison.Facts.Snapshot.System.Usage[device.Address].NetworkInterfaces);
        foreach (var setting in item.Settings.OrderBy(settings => settings.Index).SelectMany(VirtualFunctionSetting.Of))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"the {setting.Title} of virtual function {setting.Index} of {device.Address}");
            var source = string.Create(CultureInfo.InvariantCulture, $"ip link show {now.Interface ?? device.Address.ToString()}, vf {setting.Index}");
            var value = now.ValueOf(setting);
            if (value is null)
            {
                // A driver that does not report it would be told again and again.
                comparison.Tell(FindingFactory.Undetermined(
                    [device.Address],
                    FindingIds.StateVirtualFunctionSetting,
                    $"whether {name} is {setting.Value}",
                    Fact.Unknown<string>(source, "the driver does not report it, or the host was captured without it"),
                    FindingSeverity.Warning));
            }
            else if (value != setting.Value)
            {
                comparison.Owe(Setting(device.Address, $"{name} should be {setting.Value} and is {value}", source, value), demand);
            }
        }
    }

    private void CompareAtBoot(VirtualFunctionState item, PciDevice device)
    {
        var configured = comparison.Facts.Snapshot.System.Persistence.Devices;
        if (!configured.IsKnown)
        {
            comparison.Tell(FindingFactory.Undetermined(
                [device.Address], FindingIds.StateNotPersistent, $"whether a file creates virtual functions of {device.Address} at every boot", configured, FindingSeverity.Warning));
            return;
        }

        var file = configured.Value.FirstOrDefault(each => each.Address == device.Address && each.VirtualFunctionCount is not null);
        var path = UdevRuleFile.PathOfVirtualFunctions(device.Address);
        UnclearFiles.Tell(comparison, device.Address, except: path);
        var reason = file is null && UnclearFiles.WhyNot(comparison, path) is { } damage ? $"{path} cannot be understood: {damage}" : WhyNot(item, device, file);
        if (reason is not null)
        {
            comparison.Owe(
                FindingFactory.Of(
                    [device.Address],
                    FindingIds.StateNotPersistent,
                    FindingSeverity.Warning,
                    string.Create(CultureInfo.InvariantCulture, $"{device.Address} should get {item.Count} virtual functions at every boot: {reason}"),
                    item.Count == 0 ? StateRemedy.Apply($"passthrough persist remove {device.Address}")
                        : StateRemedy.Apply(string.Create(CultureInfo.InvariantCulture, $"passthrough persist add {device.Address} --vfs {item.Count}")),
                    new Evidence(file?.File ?? UdevRuleFile.Directory, reason)),
                new(item.Count == 0 ? StateAction.UnpersistFunctions : StateAction.PersistFunctions)
                {
                    Device = device.Address,
                    Functions = item,
                    Probes = item.ProbesDrivers ?? file?.ProbesDrivers ?? false,
                });
        }

        // The plan for a new file of this library refuses its own file that binds; one that exists already has no effect beside it.
        foreach (var other in configured.Value.Where(each => item.Count > 0 && each.Address == device.Address && HostDrivers.IsForGuests(each.Driver)
            && (reason is null || each.Origin != PersistenceOrigin.Passthrough)))
        {
            comparison.Tell(FindingFactory.Of(
                [device.Address],
                FindingIds.StateNotPersistent,
                FindingSeverity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"{device.Address} should get {item.Count} virtual functions at every boot, but {other.File} binds it to {other.Driver}, with which it has none"),
                PersistenceConflict.RemovalOf(other),
                new Evidence(other.File, other.Driver!)));
        }
    }

    private static string? WhyNot(VirtualFunctionState item, PciDevice device, PersistentDevice? file) =>
        file is null ? item.Count == 0 ? null : "no file of this library creates them"
        : item.Count == 0 ? $"{file.File} creates {file.VirtualFunctionCount}"
        : file.IsEdited ? $"{file.File} was edited"
        : file.VirtualFunctionCount != item.Count ? $"{file.File} creates {file.VirtualFunctionCount}"
        : item.ProbesDrivers is { } probes && file.ProbesDrivers != probes ? $"{file.File} lets the host bind {(probes ? "no driver" : "its drivers")} to them"
        : file.Device?.Matches(device) == false ? $"{file.File} is about another device at this address"
        : null;

    private void CompareDrivers(VirtualFunctionState item, PciDevice device, bool isCount)
    {
        // What binds a virtual function that is not to exist would wait for the next one at its address.
        if (item.Scope != StateScope.Now && (item.Driver is not null || item.Count == 0))
        {
            var all = device.VirtualFunctions.Concat(VirtualFunctionPlan.AddressesOf(device, device.Details?.Sriov?.TotalVirtualFunctions ?? 0)).Distinct().Order();
            foreach (var gone in all.Skip(item.Count).Where(address => !IsAnother(address, device)))
            {
                bindings.Add(new WantedBinding(gone, Device: null, Driver: null, StateScope.AtBoot));
            }
        }

        if (item is not { Driver: { } driver, Count: > 0 })
        {
            return;
        }

        if (isCount && device.VirtualFunctions.Count == item.Count)
        {
            foreach (var function in device.VirtualFunctions)
            {
                bindings.Add(new WantedBinding(function, comparison.Facts.Snapshot.Devices[function], driver, item.Scope));
            }
        }
        else if (isCount)
        {
            comparison.Tell(FindingFactory.Undetermined(
                [device.Address],
                item.Scope == StateScope.AtBoot ? FindingIds.StateNotPersistent : FindingIds.StateDriverDiffers,
                $"whether the virtual functions of {device.Address} have the driver {driver}",
                Fact.Unknown<string>($"/sys/bus/pci/devices/{device.Address}", string.Create(CultureInfo.InvariantCulture, $"it names {device.VirtualFunctions.Count} of {item.Count} virtual functions")),
                FindingSeverity.Warning));
        }
        else if (item.Scope != StateScope.AtBoot || TellUnbound(item, device, driver))
        {
            var isLater = item.Scope == StateScope.AtBoot;
            comparison.Defer(new(
                string.Create(CultureInfo.InvariantCulture, $"bind the {item.Count} virtual functions of {device.Address} to {driver} when they exist{(isLater ? ", after the next boot" : "")}"),
                device.Address,
                isLater));
        }
    }

    // Only a function that exists can be described in a rule file. The files of an earlier plan may be there.
    private bool TellUnbound(VirtualFunctionState item, PciDevice device, string driver)
    {
        if (comparison.Facts.Snapshot.System.Persistence.Devices is not { IsKnown: true } configured)
        {
            return true; // noted already
        }

        var (name, functions) = (WantedBindings.NameOf(comparison, driver), VirtualFunctionPlan.AddressesOf(device, item.Count).ToList());
        if (functions.Count == item.Count && functions.TrueForAll(function => configured.Value.Any(file =>
            file is { Origin: PersistenceOrigin.Passthrough, IsEdited: false, Driver: { } bound } && file.Address == function && WantedBindings.NameOf(comparison, bound) == name)))
        {
            return false;
        }

        comparison.Tell(FindingFactory.Of(
            [device.Address],
            FindingIds.StateNotPersistent,
            FindingSeverity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"the {item.Count} virtual functions of {device.Address} are not bound to {driver} at every boot: they do not exist yet"),
            "apply the state, reboot, and apply the state again",
            new Evidence($"/sys/bus/pci/devices/{device.Address}/sriov_numvfs", Count(device).ToString(CultureInfo.InvariantCulture)),
            new Evidence(UdevRuleFile.Directory, "no file binds each of them")));
        return true;
    }

    // The kernel computes addresses for the current number, and they may be others for another number.
    private bool IsAnother(PciAddress address, PciDevice device) =>
        comparison.Facts.Snapshot.Devices.TryGet(address, out var found) && found.PhysicalFunction != device.Address;

    private static int Count(PciDevice device) => device.Details?.Sriov?.VirtualFunctions ?? device.VirtualFunctions.Count;

    private static Finding Setting(PciAddress device, string title, string source, string value) => FindingFactory.Of(
        [device], FindingIds.StateVirtualFunctionSetting, FindingSeverity.Warning, title, "apply the state, or set it with passthrough vf", new Evidence(source, value));
}
