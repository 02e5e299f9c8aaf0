using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Guards;

/// <summary>Refuses to return a device to the host while the running guest keeps another device of its IOMMU group.</summary>
/// <param name="snapshot">The host.</param>
/// <param name="live">The running domain's XML; empty if it does not run.</param>
/// <param name="domain">The domain's name.</param>
internal sealed class GroupStays(HostSnapshot snapshot, string live, string domain)
{
    /// <summary>Whether the running guest loses the released devices. If not, it keeps those that it has.</summary>
    public bool Unplugs { get; init; } = true;

    /// <summary>Whether a device is returned to a driver for guests, or stays on it, which other members of a group may have while a guest runs.</summary>
    public Func<PciAddress, bool> StaysForGuests { get; init; } = _ => false;

    /// <summary>Whether a plan took the device from its driver: then a release returns it also if the guest has lost it.</summary>
    public Func<PciAddress, bool> IsTakenByPlan { get; init; } = _ => false;

    /// <summary>Finds the devices that share their group with one that the guest keeps.</summary>
    /// <param name="released">The devices that are released.</param>
    public ValueList<Finding> Find(ValueList<PciAddress> released)
    {
        if (live.Length == 0)
        {
            return [];
        }

        var owned = DomainDocument.Parse(live).PciAddresses.ToHashSet();
        var staying = Unplugs ? owned.Except(released).ToHashSet() : owned;
        var findings = new List<Finding>();
        foreach (var address in released.Where(address => !staying.Contains(address) && !StaysForGuests(address)))
        {
            if (!snapshot.Devices.TryGet(address, out var device) || device.IommuGroupId is not { } group
                || !(owned.Contains(address) || (HostDrivers.IsForGuests(device.Driver) && IsTakenByPlan(address))))
            {
                continue;
            }

            var kept = snapshot.Devices.Where(other => other.IommuGroupId == group && staying.Contains(other.Address))
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
