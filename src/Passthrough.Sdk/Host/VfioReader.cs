using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>Reads <see cref="VfioStatus"/> from a host's files.</summary>
internal static class VfioReader
{
    public static VfioStatus Read(ISysfs files) => new()
    {
        Container = Node(files, "/dev/vfio/vfio"),
        Iommufd = Node(files, "/dev/iommu"),
        Groups = Nodes(files, "/dev/vfio", name => char.IsAsciiDigit(name[0]) || name.StartsWith("noiommu-", StringComparison.Ordinal)),
        Devices = Nodes(files, "/dev/vfio/devices", _ => true),
        AllowsUnsafeInterrupts = files.ReadFlag("/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"),
        AllowsNoIommu = files.ReadFlag("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"),
        Ids = files.ReadText("/sys/module/vfio_pci/parameters/ids"),
    };

    /// <summary>A node. Files without a /dev, such as a part of a host that was copied, say nothing of its nodes.</summary>
    public static Fact<DeviceNode> Node(ISysfs files, string path)
    {
        var status = files.ReadStatus(path);
        return status.IsAbsent && files.ReadStatus("/dev").IsAbsent
            ? Fact.Unknown<DeviceNode>(path, "the files of this host have no /dev")
            : status.Select(s => new DeviceNode(path, s.Mode, s.UserId, s.GroupId, s.Kind == FileKind.CharacterDevice));
    }

    private static Fact<ValueList<DeviceNode>> Nodes(ISysfs files, string directory, Func<string, bool> isWanted) =>
        files.List(directory).Select(names => names
            .Where(isWanted)
            .Select(name => Node(files, $"{directory}/{name}"))
            .Where(node => node.IsKnown)
            .Select(node => node.Value!)
            .ToValueList());
}
