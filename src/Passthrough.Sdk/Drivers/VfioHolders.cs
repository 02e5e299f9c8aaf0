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
        if (sysfs.ReadLinkName($"{directory}/iommu_group").Value is { } group)
        {
            nodes.Add($"/dev/vfio/{group}");
            nodes.Add($"/dev/vfio/noiommu-{group}");
        }

        // The device's own node, which programs that use iommufd open.
        var own = sysfs.List($"{directory}/vfio-dev");
        nodes.UnionWith((own.IsKnown ? own.Value : []).Select(name => $"/dev/vfio/devices/{name}"));

        var processes = sysfs.List("/proc");
        if (!processes.IsKnown)
        {
            throw new PassthroughException($"cannot tell which processes have {device} open: /proc: {processes.Reason ?? "absent"}");
        }

        var holders = new List<string>();
        foreach (var id in processes.Value.Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            var descriptors = new List<string>();
            var errno = sysfs.TryList($"/proc/{id}/fd", descriptors);
            if (errno != Errno.Success && !HasEnded(errno))
            {
                throw new PassthroughException($"cannot tell which processes have {device} open: /proc/{id}/fd: {Errno.Describe(errno)}; run as root");
            }

            if (descriptors.Exists(descriptor => sysfs.TryReadLink($"/proc/{id}/fd/{descriptor}", out var target) == Errno.Success && nodes.Contains(target)))
            {
                holders.Add($"{sysfs.ReadText($"/proc/{id}/comm").Value ?? "process"} ({id})");
            }
        }

        return holders;
    }

    // A process that ended between two looks: no such file, or no such process. Kernel: fs/proc/fd.c.
    private static bool HasEnded(int errno) => errno is Errno.NotFound or NoSuchProcess;
}
