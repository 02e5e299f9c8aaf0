using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>File systems are mounted, or swap is on, on a disk of the device; libvirt takes the disk away all the same.</summary>
internal sealed class DeviceHoldsDisk : IReadinessRule
{
    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses)
        {
            var disks = context.System.Usage[address].BlockDevices;
            if (disks.IsUnknown)
            {
                yield return FindingFactory.Undetermined(FindingIds.DeviceHoldsMountedFileSystem, $"whether the host uses a disk of {address}", disks);
            }

            foreach (var finding in disks.IsKnown ? disks.Value.SelectMany(disk => CheckDisk(address, disk)) : [])
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> CheckDisk(PciAddress address, BlockDevice disk)
    {
        if (disk.Mounts.IsUnknown)
        {
            yield return FindingFactory.Undetermined(FindingIds.DeviceHoldsMountedFileSystem, $"whether a file system is mounted from {address}", disk.Mounts);
        }
        else if (disk.Mounts is { IsKnown: true, Value: { IsEmpty: false } mounts })
        {
            yield return FindingFactory.Of(
                FindingIds.DeviceHoldsMountedFileSystem,
                FindingSeverity.Error,
                $"the host has mounted {string.Join(", ", mounts)} from {address}; libvirt would take the disk away from under it",
                $"umount {string.Join(' ', mounts.Select(mount => mount.MountPoint).Distinct())}, or choose another device",
                [.. mounts.Select(mount => new Evidence(disk.Mounts.Source, mount.ToString()))]);
        }

        if (disk.Swaps is { IsKnown: true, Value: { IsEmpty: false } swaps })
        {
            yield return FindingFactory.Of(
                FindingIds.DeviceHoldsSwap,
                FindingSeverity.Error,
                $"the host swaps to {string.Join(", ", swaps)} on {address}",
                $"swapoff {string.Join(' ', swaps)}, or choose another device",
                [.. swaps.Select(swap => new Evidence(disk.Swaps.Source, swap))]);
        }
    }
}
