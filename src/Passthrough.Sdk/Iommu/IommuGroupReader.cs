using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Iommu;

/// <summary>Groups from what the functions name, and from a walk of the kernel's own list.</summary>
internal static class IommuGroupReader
{
    public const string Groups = "/sys/kernel/iommu_groups";

    private const int PageSize = 4096;

    /// <summary>Reads the groups; a function whose link is missing learns its group from the kernel's list.</summary>
    public static IommuGroupCollection Read(ISysfs sysfs, PciDeviceCollection devices, bool details, UnreadSources unread)
    {
        var named = FromDevices(devices);
        if (named.Count > 0 && !details)
        {
            return new IommuGroupCollection(named, FactState.Known);
        }

        var groups = Walk(sysfs, unread);
        if (groups.Count == 0 && named.Count > 0)
        {
            return new IommuGroupCollection(named, FactState.Known);
        }

        foreach (var group in groups)
        {
            foreach (var member in group.Devices)
            {
                if (devices.TryGet(member, out var device))
                {
                    device.IommuGroupId ??= group.Id;
                }
            }
        }

        return groups;
    }

    private static ValueList<IommuGroup> FromDevices(PciDeviceCollection devices)
    {
        var members = new SortedDictionary<int, List<PciAddress>>();
        foreach (var device in devices)
        {
            if (device.IommuGroupId is { } id)
            {
                if (!members.TryGetValue(id, out var list))
                {
                    members.Add(id, list = new List<PciAddress>(1));
                }

                list.Add(device.Address);
            }
        }

        return [.. members.Select(member => new IommuGroup(member.Key, member.Value))];
    }

    private static IommuGroupCollection Walk(ISysfs sysfs, UnreadSources unread)
    {
        var names = new List<string>();
        var errno = sysfs.TryList(Groups, names);
        if (errno == Errno.Success)
        {
            errno = sysfs.TryOpenCursor(Groups, out var cursor);
            using (cursor)
            {
                if (cursor is not null)
                {
                    return new IommuGroupCollection(ReadAll(sysfs, cursor, names, unread), FactState.Known);
                }
            }
        }

        unread.AddUnlessAbsent(Groups, errno);
        return new IommuGroupCollection([], Errno.IsAbsent(errno) ? FactState.Absent : FactState.Unknown);
    }

    private static ValueList<IommuGroup> ReadAll(ISysfs sysfs, ISysfsCursor cursor, List<string> names, UnreadSources unread)
    {
        var groups = new List<IommuGroup>(names.Count);
        var types = new NamePool();
        foreach (var name in names)
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                unread.Add($"{Groups}/{name}", "not a group number");
            }
            else if (Read(sysfs, cursor, id, name, types, unread) is { } group)
            {
                groups.Add(group);
            }
        }

        groups.Sort((one, other) => one.Id.CompareTo(other.Id));
        return groups.ToValueList();
    }

    private static IommuGroup? Read(ISysfs sysfs, ISysfsCursor cursor, int id, string name, NamePool types, UnreadSources unread)
    {
        var members = new List<string>();
        var errno = sysfs.TryList($"{Groups}/{name}/devices", members);
        if (errno != Errno.Success)
        {
            unread.Add($"{Groups}/{name}/devices", Errno.IsAbsent(errno) ? UnreadSources.Vanished : Errno.Describe(errno));
            return null;
        }

        var devices = new List<PciAddress>(members.Count);
        var others = new List<string>();
        foreach (var member in members)
        {
            if (PciAddress.TryParse(member, out var address))
            {
                devices.Add(address);
            }
            else
            {
                others.Add(member);
            }
        }

        devices.Sort();
        others.Sort(StringComparer.Ordinal);
        Span<byte> buffer = stackalloc byte[PageSize];
        _ = cursor.TryEnter(name);
        return new IommuGroup(id, devices)
        {
            OtherDevices = others.ToValueList(),
            Type = TryRead(cursor, name, "type"u8, buffer, unread, out var type) ? types.Get(type.TrimEnd((byte)'\n')) : null,
            ReservedRegions = TryRead(cursor, name, "reserved_regions"u8, buffer, unread, out var regions) ? ReservedRegion.ParseAll(regions) : null,
        };
    }

    private static bool TryRead(
        ISysfsCursor cursor, string group, ReadOnlySpan<byte> file, Span<byte> buffer, UnreadSources unread, out ReadOnlySpan<byte> content)
    {
        var errno = cursor.TryRead(file, buffer, out var length);
        content = buffer[..length];
        if (errno != Errno.Success && !Errno.IsAbsent(errno))
        {
            unread.Add($"{Groups}/{group}/{Encoding.UTF8.GetString(file)}", Errno.Describe(errno));
        }

        return errno == Errno.Success;
    }
}
