using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Guards;

/// <summary>Refuses to return a device to the host while the running guest keeps another device of its IOMMU group.</summary>
internal static class GroupStays
{
    /// <summary>Finds the devices that share their group with one that the guest keeps.</summary>
    /// <param name="snapshot">The host.</param>
    /// <param name="released">The devices that are returned.</param>
    /// <param name="live">The running domain's XML; empty if it does not run.</param>
    /// <param name="domain">The domain's name.</param>
    /// <param name="staysForGuests">Whether a device is returned to a driver for guests, which other members of a group may have while a guest runs.</param>
    public static ValueList<Finding> Find(
        HostSnapshot snapshot, ValueList<PciAddress> released, string live, string domain, Func<PciAddress, bool> staysForGuests)
    {
        if (live.Length == 0)
        {
            return [];
        }

        var owned = DomainDocument.Parse(live).PciAddresses.ToHashSet();
        var findings = new List<Finding>();
        foreach (var address in released.Where(address => owned.Contains(address) && !staysForGuests(address)))
        {
            if (!snapshot.Devices.TryGet(address, out var device) || device.IommuGroupId is not { } group)
            {
                continue;
            }

            var kept = snapshot.Devices.Where(other => other.IommuGroupId == group && owned.Contains(other.Address) && !released.Contains(other.Address))
                .Select(other => other.Address)
                .ToList();
            if (kept.Count > 0)
            {
                findings.Add(FindingFactory.Of(
                    [address],
                    FindingIds.GroupNotViable,
                    FindingSeverity.Error,
                    $"{address} cannot be returned to the host while the running {domain} keeps {string.Join(", ", kept)} of the same IOMMU group {group}",
                    $"release {string.Join(", ", kept)} as well, or shut {domain} down first",
                    new Evidence($"/sys/bus/pci/devices/{address}/iommu_group", $"{group}")));
            }
        }

        return findings.ToValueList();
    }
}
