using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Finds the devices of the host that an error concerns.</summary>
internal static class ErrorDevices
{
    /// <param name="snapshot">The host.</param>
    /// <param name="given">The devices that the caller names.</param>
    /// <param name="subjects">The objects that the text names.</param>
    /// <param name="guest">An address inside the guest.</param>
    /// <param name="ofDomain">The devices in the domain's XML.</param>
    public static ValueList<PciAddress> Of(
        HostSnapshot snapshot, ValueList<PciAddress> given, ErrorSubjects subjects, string? guest, ValueList<PciAddress> ofDomain)
    {
        var ofGuest = PciAddress.TryParse(guest, out var address) ? address : (PciAddress?)null;
        ValueList<PciAddress> named = [.. subjects.Devices.Where(device => device != ofGuest)];
        if (named.IsEmpty)
        {
            // Without a PCI domain it can be a time or an address in the guest: it counts if the host has it.
            named = [.. subjects.ShortAddresses.Where(device => device != ofGuest && snapshot.Devices.TryGet(device, out _))];
        }

        ValueList<PciAddress> devices = [.. given.Concat(named).Distinct()];
        if (devices.IsEmpty && !subjects.DeviceNodes.IsEmpty)
        {
            // A device node does not contain an address; the kernel shows which device it belongs to.
            var usage = snapshot.System.Usage;
            devices = [.. snapshot.Devices.Select(device => device.Address).Where(address => usage[address].VfioDevices is { IsKnown: true } nodes && nodes.Value.Any(subjects.DeviceNodes.Contains))];
        }

        if (devices.IsEmpty)
        {
            devices = ofDomain;
        }

        if (devices.IsEmpty)
        {
            return OfGroups(snapshot, subjects.Groups);
        }

        // Devices of the same group that are assigned with them are not used by the host.
        var groups = devices.Select(device => snapshot.Devices.TryGet(device, out var found) ? found.IommuGroupId : null).Where(group => group is not null).ToHashSet();
        return [.. devices.Concat(ofDomain.Where(device => snapshot.Devices.TryGet(device, out var found) && groups.Contains(found.IommuGroupId))).Distinct()];
    }

    /// <summary>Returns the first functions of the buses of named devices that the host does not have: their virtual functions
    /// can be out of reach.</summary>
    public static IEnumerable<PciAddress> FirstOfTheirBuses(HostSnapshot snapshot, ValueList<PciAddress> devices) => devices
        .Where(device => !snapshot.Devices.TryGet(device, out _))
        .Select(device => new PciAddress(device.Domain, device.Bus, 0, 0))
        .Where(device => snapshot.Devices.TryGet(device, out _));

    // The devices of the group that are reserved for a guest; if none is, all candidates.
    private static ValueList<PciAddress> OfGroups(HostSnapshot snapshot, ValueList<int> groups)
    {
        var members = snapshot.Devices.Where(device => device.IommuGroupId is { } group && groups.Contains(group) && !HostDrivers.IsBridge(device)).ToList();
        var aside = members.Where(device => HostDrivers.IsForGuests(device.Driver)).ToList();
        return [.. (aside.Count > 0 ? aside : members).Select(device => device.Address)];
    }
}
