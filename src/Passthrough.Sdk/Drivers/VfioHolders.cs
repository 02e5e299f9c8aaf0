using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>
/// Finds the processes that have a device open through VFIO. While one does, the device must not be unbound from vfio-pci: the kernel
/// waits in the unbind as long as it is open.
/// </summary>
internal static class VfioHolders
{
    private const int NoSuchProcess = 3;

    /// <summary>Returns the processes, as <c>name (process id)</c>.</summary>
    /// <exception cref="PassthroughException">It cannot be determined.</exception>
    public static IReadOnlyList<string> Find(ISysfs sysfs, PciAddress device) => Find(sysfs, $"/sys/bus/pci/devices/{device}", device.ToString());

    /// <summary>Returns the processes that have the device in a directory of sysfs open.</summary>
    /// <param name="sysfs">The kernel's files.</param>
    /// <param name="directory">The device's directory.</param>
    /// <param name="device">The device's name in messages.</param>
    /// <exception cref="PassthroughException">It cannot be determined.</exception>
    public static IReadOnlyList<string> Find(ISysfs sysfs, string directory, string device)
    {
        var nodes = new HashSet<string>(StringComparer.Ordinal);
        var groupName = sysfs.ReadLinkName($"{directory}/iommu_group");
        if (groupName.IsUnknown)
        {
            throw Unknown(device, groupName.Source, groupName.Reason);
        }

        if (groupName.Value is { } group)
        {
            nodes.Add($"/dev/vfio/{group}");
            nodes.Add($"/dev/vfio/noiommu-{group}");
        }

        // The device's own node, which programs that use iommufd open.
        var own = sysfs.List($"{directory}/vfio-dev");
        if (own.IsUnknown)
        {
            throw Unknown(device, own.Source, own.Reason);
        }

        nodes.UnionWith((own.IsKnown ? own.Value : []).Select(name => $"/dev/vfio/devices/{name}"));

        if (!sysfs.RunsPrograms)
        {
            return []; // a copy of a captured host
        }

        var processes = sysfs.List("/proc");
        if (!processes.IsKnown)
        {
            throw Unknown(device, "/proc", processes.Reason ?? "absent");
        }

        var holders = new List<string>();
        foreach (var id in processes.Value.Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            var descriptors = new List<string>();
            var errno = sysfs.TryList($"/proc/{id}/fd", descriptors);
            if (errno != Errno.Success && !HasEnded(errno))
            {
                throw Unknown(device, $"/proc/{id}/fd", Errno.Describe(errno));
            }

            if (descriptors.Exists(descriptor => IsOneOf(nodes, sysfs, $"/proc/{id}/fd/{descriptor}", device)))
            {
                holders.Add($"{sysfs.ReadText($"/proc/{id}/comm").Value ?? "process"} ({id})");
            }
        }

        return holders;
    }

    // A descriptor that was closed meanwhile is gone as well. Any other failure says nothing about what is open.
    private static bool IsOneOf(HashSet<string> nodes, ISysfs sysfs, string link, string device)
    {
        var errno = sysfs.TryReadLink(link, out var target);
        return errno == Errno.Success ? nodes.Contains(target)
            : HasEnded(errno) ? false
            : throw Unknown(device, link, Errno.Describe(errno));
    }

    private static PassthroughException Unknown(string device, string path, string? reason) =>
        new($"cannot tell which processes have {device} open: {path}: {reason ?? "not read"}; run as root");

    // A process that ended between two looks: no such file, or no such process. Kernel: fs/proc/fd.c.
    private static bool HasEnded(int errno) => errno is Errno.NotFound or NoSuchProcess;
}
