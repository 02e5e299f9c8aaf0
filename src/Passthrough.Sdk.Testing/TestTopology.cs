using System.Globalization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>The groups and bridges of the devices of a <see cref="TestHost"/>, as far as the description does not name them.</summary>
internal sealed class TestTopology
{
    private readonly IReadOnlyList<TestDevice> _devices;
    private readonly bool _hasGroups;
    private readonly TestGroups _groups;
    private readonly Dictionary<PciAddress, int> _ofBridges = [];
    private readonly Dictionary<(uint, byte, byte), int> _ofSlots = [];
    private readonly Dictionary<(uint, byte), string> _ports = [];
    private readonly HashSet<PciAddress> _added = [];

    /// <exception cref="InvalidOperationException">The description contradicts itself.</exception>
    public TestTopology(IReadOnlyList<TestDevice> devices, bool hasGroups)
    {
        (_devices, _hasGroups, _groups) = (devices, hasGroups, new(devices.Select(device => device.Group).OfType<int>()));
        foreach (var below in devices.Where(device => device.Bridge is not null).GroupBy(device => device.Bridge!.Value))
        {
            Check(below.Key, [.. below]);
            _ofBridges[below.Key] = below.Select(device => device.Group).FirstOrDefault(group => group is not null) ?? _groups.Next();
        }
    }

    /// <summary>Returns the group of a device; null on a host without groups.</summary>
    public int? GroupOf(TestDevice device)
    {
        if (!_hasGroups)
        {
            return null;
        }

        if (device.Bridge is { } bridge)
        {
            return _ofBridges[bridge];
        }

        var slot = (device.Address.Domain, device.Address.Bus, device.Address.Slot);
        if (device.Group is { } named)
        {
            _ofSlots.TryAdd(slot, named);
            return named;
        }

        if (!_ofSlots.TryGetValue(slot, out var group))
        {
            // What is named for another function of the slot, or one of its own.
            group = _devices.FirstOrDefault(other => other.Group is not null && (other.Address.Domain, other.Address.Bus, other.Address.Slot) == slot)?.Group ?? _groups.Next();
            _ofSlots.Add(slot, group);
        }

        return group;
    }

    /// <summary>Adds the bridge above a device, unless that is done; returns its address, or null for a device on a root bus.</summary>
    public string? AddParentOf(TestDevice device, FakeHost files)
    {
        if (device.Bridge is { } bridge)
        {
            if (_added.Add(bridge))
            {
                files.AddPciBridge(bridge.ToString(), device.Address.Bus, vendor: 0x8086, device: 0x244e, driver: null, iommuGroup: _hasGroups ? _ofBridges[bridge] : null);
            }

            return bridge.ToString();
        }

        if (device.Address.Bus == 0)
        {
            return null;
        }

        var bus = (device.Address.Domain, device.Address.Bus);
        if (!_ports.TryGetValue(bus, out var port))
        {
            port = FreePort(device.Address.Domain);
            _ports.Add(bus, port);
            files.AddPciBridge(port, device.Address.Bus, iommuGroup: _hasGroups ? _groups.Next() : null);
        }

        return port;
    }

    private void Check(PciAddress bridge, IReadOnlyList<TestDevice> below)
    {
        if (bridge.Bus != 0 || _devices.Any(device => device.Address == bridge))
        {
            throw new InvalidOperationException($"{bridge} cannot be the bridge of BehindBridge: it is not on a root bus, or another call has added it; choose a free address on bus 00");
        }

        foreach (var device in below)
        {
            if (device.Address.Bus == 0 || device.Address.Bus != below[0].Address.Bus || device.Address.Domain != bridge.Domain)
            {
                throw new InvalidOperationException($"{device.Address} cannot be behind {bridge}: {below[0].Address} is, and all cards there are on one bus, which is not 00");
            }

            if (device.Group is { } group && below.FirstOrDefault(other => other.Group is { } another && another != group) is { } contradicting)
            {
                throw new InvalidOperationException($"{device.Address} and {contradicting.Address} are behind {bridge}, so they share a group; name the same one");
            }
        }
    }

    private string FreePort(uint domain)
    {
        for (byte slot = 0x10; slot < 32; slot++)
        {
            for (byte function = 0; function < 8; function++)
            {
                var port = new PciAddress(domain, 0, slot, function);
                if (!_devices.Any(device => device.Address == port || device.Bridge == port) && _added.Add(port))
                {
                    return port.ToString();
                }
            }
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"PCI domain {domain:x4} has no address left for another root port; put some cards on bus 00"));
    }
}
