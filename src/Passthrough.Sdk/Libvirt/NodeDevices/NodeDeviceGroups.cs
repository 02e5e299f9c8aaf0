using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt.NodeDevices;

/// <summary>IOMMU groups from the node devices that name them.</summary>
internal static class NodeDeviceGroups
{
    /// <param name="tree">The devices.</param>
    /// <param name="hasIommu">The value that the host's capabilities report.</param>
    /// <returns>The groups; where none is named they are known to be none only if the capabilities say so.</returns>
    public static IommuGroupCollection Read(NodeDeviceTree tree, bool? hasIommu)
    {
        var groups = new SortedDictionary<int, (SortedSet<PciAddress> Functions, SortedSet<string> Others)>();
        foreach (var device in tree.Descriptions)
        {
            if (device.Pci is { Group: { } group } pci && NodeDeviceTree.Number(group.Number) is { } number)
            {
                var members = MembersOf(groups, number).Functions;
                members.UnionWith(group.Devices);
                if (pci.Address is { } address)
                {
                    members.Add(address);
                }
            }
            else if (device.Mediated is { Group: { } own } && NodeDeviceTree.Number(own.Number) is { } id && NodeDeviceTree.UuidOf(device) is { } uuid)
            {
                MembersOf(groups, id).Others.Add(uuid);
            }
        }

        return new IommuGroupCollection(
            [.. groups.Select(group => new IommuGroup(group.Key, [.. group.Value.Functions]) { OtherDevices = [.. group.Value.Others] })],
            groups.Count > 0 || hasIommu == false ? FactState.Known : FactState.Unknown);
    }

    /// <summary>The number of groups that libvirt reports: it names those of PCI functions and mediated devices.</summary>
    public static Fact<int> Count(IommuGroupCollection groups, Fact<int> unknown, bool? hasIommu) =>
        groups.Count > 0 ? Fact.Known(groups.Count, NodeDeviceTree.Source)
        : hasIommu == false ? Fact.Known(0, HostCapabilities.Source)
        : unknown;

    private static (SortedSet<PciAddress> Functions, SortedSet<string> Others) MembersOf(
        SortedDictionary<int, (SortedSet<PciAddress> Functions, SortedSet<string> Others)> groups, int id)
    {
        if (!groups.TryGetValue(id, out var members))
        {
            groups.Add(id, members = ([], new SortedSet<string>(StringComparer.Ordinal)));
        }

        return members;
    }
}
