using System.Collections.Immutable;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>
/// Another member of the device's IOMMU group is on a driver of the host: VFIO gives a group away whole or not at all.
/// </summary>
internal sealed class GroupNotViable : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.GroupNotViable,
            Severity = FindingSeverity.Error,
            Title = "the host uses other members of the device's IOMMU group",
            Meaning =
                "Members of a group can reach one another past the IOMMU, so that VFIO gives a group away whole or not at all. QEMU "
                + "says: group N is not viable, and: Please ensure all devices within the iommu_group are bound to their vfio bus "
                + "driver.",
            Detection =
                "The members in /sys/kernel/iommu_groups/N/devices and their drivers. Bridges, functions without a driver and those "
                + "on vfio-pci or pci-stub do no harm.",
            Remedy = "Give those members away too, or take them from their drivers, or move the card to a slot with a group of its own.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio)
        {
            yield break;
        }

        var groups = context.Devices.Where(device => device.IommuGroup is not null).GroupBy(device => device.IommuGroup!.Value);
        foreach (var wanted in groups)
        {
            if (context.Snapshot.IommuGroups.FirstOrDefault(group => group.Id == wanted.Key) is { } group
                && Judge(context, group, wanted.Select(device => device.Address).ToHashSet()) is { } finding)
            {
                yield return finding;
            }
        }
    }

    /// <summary>Whether the host uses members of the group other than those that are to be given away.</summary>
    /// <param name="context">The host.</param>
    /// <param name="group">The group.</param>
    /// <param name="wanted">The members to be given away.</param>
    internal static Finding? Judge(ReadinessContext context, IommuGroup group, IReadOnlySet<PciAddress> wanted)
    {
        var others = EndpointsOf(context, group).Where(device => !wanted.Contains(device.Address) && HostDrivers.IsInUseByHost(device)).ToList();
        if (others.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", others.Select(device => $"{device.Address} ({device.Driver})"));
        return FindingFactory.Of(
            FindingIds.GroupNotViable,
            FindingSeverity.Error,
            $"IOMMU group {group.Id} is not viable for {string.Join(", ", wanted)}: the host still uses {names} of the same group",
            $"give those away with it, or take them from their drivers (virsh nodedev-detach), or move the card to {GroupCause.BetterSlot(context.Snapshot)}",
            [.. others.Select(device => new Evidence($"/sys/bus/pci/devices/{device.Address}/driver", device.Driver!)), .. GroupCause.EvidenceOf(context.Snapshot, group)]);
    }

    /// <summary>The members of a group that count: bridges stay with the host and do no harm.</summary>
    internal static IEnumerable<PciDevice> EndpointsOf(ReadinessContext context, IommuGroup group)
    {
        foreach (var address in group.Devices)
        {
            if (context.Snapshot.Devices.TryGet(address, out var device) && !HostDrivers.IsBridge(device))
            {
                yield return device;
            }
        }
    }
}
