using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.DesiredState;

/// <summary>The drivers that the items of a state want for functions of the host. Different wants for one function are a contradiction, and nothing is done with it.</summary>
internal sealed class WantedBindings(StateComparison comparison)
{
    private readonly List<WantedBinding> _wanted = [];
    private readonly HashSet<PciAddress> _parents = [];

    /// <summary>Notes that a function should have virtual functions, which one with a driver for guests does not have.</summary>
    public void AddParent(PciAddress device) => _parents.Add(device);

    public void Add(WantedBinding wanted) => _wanted.Add(wanted);

    public void Add(DeviceState item)
    {
        if (Selection.Find(comparison, item.Select, item.Count, mayBeNone: item.IsAbsent) is not { } devices)
        {
            return;
        }

        var driver = item.IsAbsent ? null : item.Driver;
        _wanted.AddRange(devices
            .Where(device => item.IsAbsent || !ExchangedDevice.Find(comparison, item.Select, device))
            .Select(device => new WantedBinding(device.Address, device, driver, item.Scope)));
        if (devices.IsEmpty && item.Select.Address is { } gone)
        {
            _wanted.Add(new(gone, Device: null, driver, item.Scope)); // its rule file may still be there
        }
    }

    public void Compare()
    {
        foreach (var function in _wanted.GroupBy(wanted => wanted.Address))
        {
            var drivers = function.Select(wanted => wanted.Driver).Distinct().ToList();
            if (drivers.Count > 1)
            {
                comparison.Tell(Contradiction(function.Key, $"items of the state want different drivers for {function.Key}: {string.Join(", ", drivers.Select(driver => driver ?? "that of the host"))}"));
            }
            else if (_parents.Contains(function.Key) && HostDrivers.IsForGuests(drivers[0]))
            {
                comparison.Tell(Contradiction(function.Key, $"items of the state want both virtual functions of {function.Key} and the driver {drivers[0]} for it, with which it has none"));
            }
            else
            {
                foreach (var wanted in function)
                {
                    new BindingComparison(comparison).Compare(wanted);
                }
            }
        }
    }

    /// <summary>Returns the driver under the name that the kernel has for it.</summary>
    public static string NameOf(StateComparison comparison, string driver) => DriverChoice.NameIn(comparison.Facts.Snapshot, driver);

    private static Finding Contradiction(PciAddress device, string title) => FindingFactory.Of(
        [device],
        FindingIds.StateContradiction,
        FindingSeverity.Error,
        title,
        "change one of the selectors so that it does not mean this device, or remove one of the items",
        new Evidence($"/sys/bus/pci/devices/{device}", "selected by several items"));
}
