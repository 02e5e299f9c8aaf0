using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Requests;

/// <summary>Finds the devices that go with those of a request: other functions of their cards, other devices of their IOMMU groups.</summary>
internal static class RequestedDevices
{
    /// <summary>Returns all devices of a request, and a finding for each that the request does not name.</summary>
    public static (ValueList<PciAddress> Devices, ValueList<Finding> Findings) Of(HostSnapshot snapshot, AssignmentRequest request)
    {
        var devices = request.Devices.Distinct().ToList();
        var findings = new List<Finding>();
        for (var i = 0; i < devices.Count; i++)
        {
            // The list grows: a member of a group can be a card of several functions too.
            if (!snapshot.Devices.TryGet(devices[i], out var device))
            {
                continue; // a finding of its own says so
            }

            foreach (var other in snapshot.Devices.Where(other => !devices.Contains(other.Address)))
            {
                if (request.WholeCards && IsOfCard(device, other))
                {
                    devices.Add(other.Address);
                    findings.Add(Along(device, other, "it is a function of the same card", new Evidence($"/sys/bus/pci/devices/{other.Address}", "present")));
                }
                else if (request.WholeGroups && device.IommuGroupId is { } group && other.IommuGroupId == group && !HostDrivers.IsBridge(other))
                {
                    devices.Add(other.Address);
                    findings.Add(Along(device, other, $"it is in the same IOMMU group {group}", new Evidence($"/sys/bus/pci/devices/{other.Address}/iommu_group", $"{group}")));
                }
            }
        }

        // Function 0 of a card comes first: no slot has other functions without it.
        return ([.. request.WholeCards ? devices.Order() : devices.AsEnumerable()], [.. findings]);
    }

    /// <summary>Returns the devices of a release of whole cards: with them, the functions of their cards that the domain has.</summary>
    /// <remarks>A function that the host does not have any more may have been a virtual one, so only its own address takes it along.</remarks>
    public static ValueList<PciAddress> Of(HostSnapshot snapshot, ReleaseRequest request, IEnumerable<PciAddress> owned)
    {
        var cards = request.Devices.Where(address => !snapshot.Devices.TryGet(address, out var device) || device.PhysicalFunction is null).ToList();
        return
        [
            .. request.Devices.Union(owned.Where(address => cards.Exists(address.IsSameSlot)
                && snapshot.Devices.TryGet(address, out var other) && other.PhysicalFunction is null && !HostDrivers.IsBridge(other))).Order(),
        ];
    }

    // The virtual functions of a card have addresses of the same slot where it fits, and are cards of their own.
    private static bool IsOfCard(PciDevice device, PciDevice other) =>
        device.Address.IsSameSlot(other.Address) && device.PhysicalFunction is null && other.PhysicalFunction is null && !HostDrivers.IsBridge(other);

    private static Finding Along(PciDevice device, PciDevice other, string reason, Evidence evidence) => FindingFactory.Of(
        [other.Address],
        FindingIds.PlanDeviceComesAlong,
        FindingSeverity.Info,
        $"{other.Address} is assigned together with {device.Address}, because {reason}",
        $"check that the host does not need {other.Address}; to keep it, do not request whole cards or whole groups",
        evidence);
}
