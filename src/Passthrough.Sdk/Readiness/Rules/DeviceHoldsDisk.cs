using System.Collections.Immutable;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>File systems are mounted, or swap is on, on a disk of the device; libvirt takes the disk away all the same.</summary>
internal sealed class DeviceHoldsDisk : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHoldsMountedFileSystem,
            Severity = FindingSeverity.Error,
            Title = "a file system of the host is mounted from the device",
            Meaning =
                "libvirt does not look: it takes the disk from under the mounted file system, every read and write fails from then "
                + "on, and what was not yet written is lost.",
            Detection =
                "/proc/self/mountinfo, followed through partitions, LVM, RAID, encryption and multipath (/sys/class/block) to the "
                + "device; members of ZFS pools are named by the partitions they stand on. Unknown where /sys/class/block or the table "
                + "of mounts cannot be read.",
            Remedy = "Unmount what is named in the finding, or choose another device. The disk with the root file system cannot go.",
        },
        new()
        {
            Id = FindingIds.DeviceHoldsSwap,
            Severity = FindingSeverity.Error,
            Title = "the host swaps to the device",
            Meaning =
                "Memory that was swapped out is gone with the disk: programs of the host, the kernel's own included, end with an "
                + "error as soon as they need it.",
            Detection = "/proc/swaps, followed through partitions and the layers on them to the device.",
            Remedy = "swapoff what is named, take it from /etc/fstab so that it does not come back, or choose another device.",
        },
    ];

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
