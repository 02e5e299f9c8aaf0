using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>
/// Reports that another member of the device's IOMMU group is bound to a driver of the host: VFIO assigns only whole groups.
/// </summary>
internal sealed class GroupNotViable : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.GroupNotViable,
            Severity = FindingSeverity.Error,
            Title = "the host uses other members of the device's IOMMU group",
            Meaning =
                "Members of a group can access each other without the IOMMU, so VFIO assigns only whole groups. QEMU says: group "
                + "N is not viable, and: Please ensure all devices within the iommu_group are bound to their vfio bus driver.",
            Detection =
                "The members in /sys/kernel/iommu_groups/N/devices and their drivers. Bridges, functions without a driver and "
                + "functions on vfio-pci or pci-stub do not matter. A function on the same bus that is in no group counts as a "
                + "member if the group has a bridge above it.",
            Remedy = "Assign those members too, or take them from their drivers, or move the card to a slot with its own group.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.DeviceBehindVmd];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio)
        {
            yield break;
        }

        var groups = context.Devices.Where(device => device.IommuGroupId is not null).GroupBy(device => device.IommuGroupId!.Value);
        foreach (var wanted in groups)
        {
            if (context.Snapshot.IommuGroups.FirstOrDefault(group => group.Id == wanted.Key) is { } group
                && Judge(context, group, wanted.Select(device => device.Address).ToHashSet()) is { } finding)
            {
                yield return finding;
            }
        }
    }

    /// <summary>Returns whether the host uses members of the group other than those to be assigned.</summary>
    /// <param name="context">The host.</param>
    /// <param name="group">The group.</param>
    /// <param name="wanted">The members to be assigned.</param>
    internal static Finding? Judge(ReadinessContext context, IommuGroup group, IReadOnlySet<PciAddress> wanted)
    {
        var others = EndpointsOf(context, group)
            .Where(device => !wanted.Contains(device.Address) && HostDrivers.IsInUseByHost(device))
            .Where(device => context.Target?.Takes(device.Address) != true)
            .Where(device => Vmd.ControllerOf(context.Snapshot.Devices, device) is not { } controller || !wanted.Contains(controller)) // they are assigned with it
            .ToList();
        if (others.Count == 0)
        {
            return Unlisted(context, group, wanted);
        }

        var names = string.Join(", ", others.Select(device => $"{device.Address} ({device.Driver})"));
        var vmd = others.Where(device => Vmd.IsController(context.Snapshot, device)).Select(device => device.Address).ToList();
        if (vmd.Count > 0)
        {
            return Vmd.NotAlone(group, wanted, vmd[0], names);
        }

        // They were meant to be on vfio-pci from the start: then that is what to fix.
        var meant = others.Select(device => VfioIds.WhyNotTaken(context, device)).Where(why => why is not null).Select(why => why!.Value).ToList();
        return FindingFactory.Of(
            [.. wanted],
            FindingIds.GroupNotViable,
            FindingSeverity.Error,
            $"IOMMU group {group.Id} is not viable for {string.Join(", ", wanted)}: the host still uses {names} of the same group"
            + (meant.Count > 0 ? $"; {meant[0].Reason}" : ""),
            (meant.Count > 0 ? $"{meant[0].Remedy}; until then " : "")
            + $"assign those too, or take them from their drivers (virsh nodedev-detach), or move the card to {GroupCause.BetterSlot(context.Snapshot)}",
            [
                .. meant.SelectMany(why => why.Evidence).Concat(others.Select(device => new Evidence($"/sys/bus/pci/devices/{device.Address}/driver", device.Driver!))).Distinct(),
                .. GroupCause.EvidenceOf(context.Snapshot, group),
            ]);
    }

    // arm-smmu-v3 supports one device for each stream id, and a conventional PCI bridge gives the devices behind it the same
    // one: only the first of them is in the bridge's group. VFIO accepts it, and the guest's mappings then count for the others.
    private static Finding? Unlisted(ReadinessContext context, IommuGroup group, IReadOnlySet<PciAddress> wanted)
    {
        var bridges = group.Devices.Where(member => context.Snapshot.Devices.TryGet(member, out var device) && HostDrivers.IsBridge(device)).ToList();
        var reached = wanted.Where(address => bridges.Exists(bridge => (bridge.Domain, bridge.Bus) != (address.Domain, address.Bus))).ToList();
        var outside = context.Snapshot.Devices
            .Where(device => device.IommuGroupId is null && HostDrivers.IsInUseByHost(device)
                && reached.Exists(address => (address.Domain, address.Bus) == (device.Address.Domain, device.Address.Bus)))
            .ToList();
        if (outside.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", outside.Select(device => $"{device.Address} ({device.Driver})"));
        return FindingFactory.Of(
            [.. wanted],
            FindingIds.GroupNotViable,
            FindingSeverity.Error,
            $"{string.Join(", ", wanted)} cannot be isolated: the host uses {names} behind the same bridge, which is in no IOMMU group, so its memory accesses would reach the guest's memory",
            $"take {string.Join(", ", outside.Select(device => device.Address))} from its driver, or move the card to {GroupCause.BetterSlot(context.Snapshot)}",
            [.. outside.SelectMany(device => (ValueList<Evidence>)[new($"/sys/bus/pci/devices/{device.Address}/iommu_group", "absent"), new($"/sys/bus/pci/devices/{device.Address}/driver", device.Driver!)])]);
    }

    /// <summary>Returns the members of a group that count: bridges stay with the host and do not matter.</summary>
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
