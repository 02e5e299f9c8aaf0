using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports mounted file systems and swap areas on a disk of the device; libvirt takes the disk away regardless.</summary>
internal sealed class DeviceHoldsDisk : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHoldsMountedFileSystem,
            Severity = FindingSeverity.Error,
            Title = "a file system of the host is mounted from the device",
            Meaning =
                "libvirt does not check this: it takes the disk away from under the mounted file system. From then on every read "
                + "and write fails, and unwritten data is lost. This includes a file system that a container or a service has "
                + "mounted in its own mount namespace, one that was unmounted lazily (umount -l) and is still in use, and one that "
                + "has only its journal or its log on the disk. On a host that is itself a virtual machine, it includes directories of "
                + "its own host that are mounted with 9p or virtiofs.",
            Detection =
                "/proc/PID/mountinfo of one process in every mount namespace (/proc/PID/ns/mnt), followed through partitions, "
                + "LVM, RAID, encryption, multipath and loop devices (/sys/class/block) to the device. File systems that no "
                + "readable table shows are found in /sys/fs (ext4, xfs, btrfs, f2fs, bcachefs and others) and /proc/fs/jbd2, which "
                + "also shows external journals. On the live host, a successful exclusive open of the disk proves that nothing is "
                + "mounted from it. Without that proof, the result is unknown if /sys/class/block or the mounts of a process cannot "
                + "be read, or a namespace has no process. For 9p and virtiofs: the tags in /sys/bus/virtio/devices and /sys/fs/virtiofs.",
            Remedy =
                "Unmount what the finding names; in another mount namespace with: nsenter --mount --target PID umount DIRECTORY, "
                + "or end the container or service. Or choose another device. The disk with the root file system cannot be "
                + "assigned.",
        },
        new()
        {
            Id = FindingIds.DeviceHoldsSwap,
            Severity = FindingSeverity.Error,
            Title = "the host swaps to the device",
            Meaning =
                "Memory that was swapped out is lost with the disk: programs of the host, and the kernel itself, fail as soon as "
                + "they need it. A compressed memory disk (zram) that writes back to the device counts too.",
            Detection = "/proc/swaps, followed through partitions and the layers on them to the device; /sys/block/zramN/backing_dev.",
            Remedy = "Run swapoff for what the finding names and remove it from /etc/fstab so that it is not used again, or choose another device.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Reached)
        {
            var disks = context.System.Usage[address].BlockDevices;
            if (disks.IsUnknown)
            {
                yield return FindingFactory.Undetermined([address], FindingIds.DeviceHoldsMountedFileSystem, $"whether the host uses a disk of {address}", disks);
            }

            if (CheckVirtio(address, context.System.Usage[address].VirtioMounts) is { } shared)
            {
                yield return shared;
            }

            foreach (var finding in disks.IsKnown ? disks.Value.SelectMany(disk => CheckDisk(address, disk, context.System.Usage.UnseenMountNamespaces)) : [])
            {
                yield return finding;
            }
        }
    }

    private static Finding? CheckVirtio(PciAddress address, Fact<ValueList<BlockMount>> mounts) => mounts switch
    {
        { IsKnown: true, Value: { IsEmpty: false } all } => FindingFactory.Of(
            [address],
            FindingIds.DeviceHoldsMountedFileSystem,
            FindingSeverity.Error,
            $"the host has mounted {DiskUses.List(all)} through {address}; every access to it would wait for ever without the device",
            $"{string.Join("; ", Unmount(all))}; or choose another device",
            [.. all.Select(mount => new Evidence(mount.ProcessId is { } process ? $"/proc/{process}/mountinfo" : mounts.Source, mount.ToString()))]),
        { IsUnknown: true, Source.Length: > 0 } => FindingFactory.Undetermined([address], FindingIds.DeviceHoldsMountedFileSystem, $"whether a file system is mounted through {address}", mounts),
        _ => null,
    };

    private static IEnumerable<Finding> CheckDisk(PciAddress address, BlockDevice disk, ValueList<string> unseen)
    {
        var uses = DiskUses.Of(disk);
        var hidden = uses.Free.Where(use => use.Kind is BlockUseKind.FileSystem or BlockUseKind.Journal).ToValueList();
        if (disk.Mounts is { IsKnown: true, Value: { IsEmpty: false } mounts })
        {
            yield return FindingFactory.Of(
                [address],
                FindingIds.DeviceHoldsMountedFileSystem,
                FindingSeverity.Error,
                $"the host has mounted {DiskUses.List(mounts)} from {address}; libvirt would take the disk away from under the file system",
                $"{string.Join("; ", [.. Unmount(mounts), .. DiskUses.Commands(uses.Below)])}; or choose another device",
                [.. mounts.Select(mount => new Evidence(SourceOf(disk, mount), mount.ToString()))]);
        }
        else if (disk.Mounts.IsUnknown && hidden.IsEmpty)
        {
            yield return FindingFactory.Undetermined([address], FindingIds.DeviceHoldsMountedFileSystem, $"whether a file system is mounted from {address}", disk.Mounts);
        }

        foreach (var use in hidden)
        {
            yield return use.Kind == BlockUseKind.Journal ? Journal(address, use) : Hidden(address, use, unseen);
        }

        foreach (var finding in CheckSwap(address, disk, uses))
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> CheckSwap(PciAddress address, BlockDevice disk, DiskUses uses)
    {
        if (disk.Swaps is { IsKnown: true, Value: { IsEmpty: false } swaps })
        {
            yield return FindingFactory.Of(
                [address],
                FindingIds.DeviceHoldsSwap,
                FindingSeverity.Error,
                $"the host swaps to {string.Join(", ", swaps)} on {address}",
                $"swapoff {ShellArgument.Of(swaps)}, or choose another device",
                [.. swaps.Select(swap => new Evidence(disk.Swaps.Source, swap))]);
        }
        else if (disk.Swaps is { IsUnknown: true, Source.Length: > 0 } && !disk.Mounts.IsUnknown)
        {
            yield return FindingFactory.Undetermined([address], FindingIds.DeviceHoldsSwap, $"whether the host swaps to {address}", disk.Swaps);
        }

        foreach (var use in uses.Free.Where(use => use.Kind == BlockUseKind.MemoryDisk))
        {
            yield return FindingFactory.Of(
                [address],
                FindingIds.DeviceHoldsSwap,
                FindingSeverity.Error,
                $"the memory disk {use.Name} writes back to {use.BlockDevice} on {address}",
                $"{use.EndCommand}; or choose another device",
                new Evidence(use.Source, use.BlockDevice));
        }
    }

    private static Finding Journal(PciAddress address, BlockUse use) => FindingFactory.Of(
        [address],
        FindingIds.DeviceHoldsMountedFileSystem,
        FindingSeverity.Error,
        $"a mounted file system on another disk has its journal on {use.BlockDevice} of {address}; it would stop at once without it",
        $"unmount the file system that uses the journal on /dev/{use.BlockDevice} (dumpe2fs -h DEVICE shows the journal of an ext4), or choose another device",
        new Evidence(use.Source, use.ToString()));

    private static Finding Hidden(PciAddress address, BlockUse use, ValueList<string> unseen) => FindingFactory.Of(
        [address],
        FindingIds.DeviceHoldsMountedFileSystem,
        FindingSeverity.Error,
        $"the kernel has a file system ({use.Name}) mounted from {use.BlockDevice} of {address} that no readable mount table shows"
            + (unseen.IsEmpty ? "" : $"; the mount namespace {DiskUses.List(unseen)} has no process"),
        (unseen.FirstOrDefault(space => space.Contains("(/", StringComparison.Ordinal)) is { } kept
            ? $"enter that namespace and unmount it there: nsenter --mount={ShellArgument.Of(kept[(kept.IndexOf('(', StringComparison.Ordinal) + 1)..^1])} findmnt --source /dev/{use.BlockDevice}"
            : $"end what still uses the file system: it was unmounted lazily, or is mounted in another namespace (lsns --type mnt; fuser -vm /dev/{use.BlockDevice})")
            + "; or choose another device",
        [new Evidence(use.Source, use.ToString()), .. unseen.Select(space => new Evidence("/proc/*/mountinfo", space))]);

    private static IEnumerable<string> Unmount(ValueList<BlockMount> mounts)
    {
        var here = mounts.Where(mount => mount.ProcessId is null).Select(mount => mount.MountPoint).Distinct(StringComparer.Ordinal).ToList();
        if (here.Count > 0)
        {
            yield return $"umount {ShellArgument.Of(here)}";
        }

        foreach (var space in mounts.Where(mount => mount.ProcessId is not null).GroupBy(mount => mount.ProcessId))
        {
            yield return $"nsenter --mount --target {space.Key} umount {ShellArgument.Of(space.Select(mount => mount.MountPoint).Distinct(StringComparer.Ordinal))}";
        }
    }

    private static string SourceOf(BlockDevice disk, BlockMount mount) => mount.ProcessId is { } process ? $"/proc/{process}/mountinfo" : disk.Mounts.Source;
}
