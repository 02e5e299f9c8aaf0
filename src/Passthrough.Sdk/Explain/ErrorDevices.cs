using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Which devices of the host an error is about.</summary>
internal static class ErrorDevices
{
    /// <param name="snapshot">The host.</param>
    /// <param name="given">Those that the caller names.</param>
    /// <param name="subjects">What the text names.</param>
    /// <param name="guest">An address that is the guest's own.</param>
    /// <param name="ofDomain">Those that the domain's XML asks for.</param>
    public static ImmutableArray<PciAddress> Of(
        HostSnapshot snapshot, ImmutableArray<PciAddress> given, ErrorSubjects subjects, string? guest, ImmutableArray<PciAddress> ofDomain)
    {
        var ofGuest = PciAddress.TryParse(guest, out var address) ? address : (PciAddress?)null;
        ImmutableArray<PciAddress> named = [.. subjects.Devices.Where(device => device != ofGuest)];
        if (named.IsEmpty)
        {
            // Without a domain it can be a time, or the guest's: it counts where the host has it.
            named = [.. subjects.ShortAddresses.Where(device => device != ofGuest && snapshot.Devices.TryGet(device, out _))];
        }

        ImmutableArray<PciAddress> devices = [.. given.Concat(named).Distinct()];
        if (devices.IsEmpty)
        {
            devices = ofDomain;
        }

        if (devices.IsEmpty)
        {
            return OfGroups(snapshot, subjects.Groups);
        }

        // What goes to the guest with them, out of the same group, is not what the host uses.
        var groups = devices.Select(device => snapshot.Devices.TryGet(device, out var found) ? found.IommuGroup : null).Where(group => group is not null).ToHashSet();
        return [.. devices.Concat(ofDomain.Where(device => snapshot.Devices.TryGet(device, out var found) && groups.Contains(found.IommuGroup))).Distinct()];
    }

    // Those of the group that are set aside for a guest; where none is, all that could be.
    private static ImmutableArray<PciAddress> OfGroups(HostSnapshot snapshot, ImmutableArray<int> groups)
    {
        var members = snapshot.Devices.Where(device => device.IommuGroup is { } group && groups.Contains(group) && !HostDrivers.IsBridge(device)).ToList();
        var aside = members.Where(device => HostDrivers.IsForGuests(device.Driver)).ToList();
        return [.. (aside.Count > 0 ? aside : members).Select(device => device.Address)];
    }
}
