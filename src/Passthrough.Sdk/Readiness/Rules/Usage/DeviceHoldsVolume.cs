using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports an active volume, array, cache or pool of the host on a disk of the device.</summary>
internal sealed class DeviceHoldsVolume : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHoldsActiveVolume,
            Severity = FindingSeverity.Error,
            Title = "an active volume, array or pool of the host is on the device",
            Meaning =
                "The layer above the disk (LVM, RAID, encryption, multipath, another device-mapper table, bcache, DRBD, ZFS) does "
                + "not notice that the disk is gone: an array becomes degraded, a cached or encrypted volume loses unwritten data, "
                + "and a program or a guest that uses the volume gets I/O errors. A volume counts even if nothing is mounted from "
                + "it. One that is not active (the physical volume of an inactive group, a member of an array that is not "
                + "assembled) does not count.",
            Detection =
                "The slaves and attributes of every block device (dm/uuid, md) in /sys/class/block, the directories bcache of "
                + "block devices, /sys/fs/bcache. The members of a ZFS pool are found on the live host: the kernel holds the disk, "
                + "and udev has recorded a zfs_member on it (/run/udev/data).",
            Remedy =
                "Deactivate the layers from top to bottom: vgchange -an GROUP, cryptsetup close NAME, mdadm --stop ARRAY, "
                + "multipath -f MAP, dmsetup remove NAME, zpool export POOL, or for bcache echo 1 > /sys/block/bcacheN/bcache/stop. "
                + "Or choose another device.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Reached)
        {
            var disks = context.System.Usage[address].BlockDevices;
            foreach (var disk in disks.IsKnown ? disks.Value : [])
            {
                // The upper ones come last in the facts, and must be ended first.
                var volumes = DiskUses.Of(disk).Free.Where(use => IsVolume(use.Kind)).Reverse().ToValueList();
                if (!volumes.IsEmpty)
                {
                    yield return FindingFactory.Of(
                        [address],
                        FindingIds.DeviceHoldsActiveVolume,
                        FindingSeverity.Error,
                        $"the host has active volumes on {address}: {DiskUses.List(volumes)}",
                        $"{string.Join("; ", DiskUses.Commands(volumes).DefaultIfEmpty($"end what uses {disk.Name}"))}; or choose another device",
                        [.. volumes.Select(use => new Evidence(use.Source, use.ToString()))]);
                }
            }
        }
    }

    private static bool IsVolume(BlockUseKind kind) => kind is BlockUseKind.LogicalVolume or BlockUseKind.RaidArray or BlockUseKind.Encryption
        or BlockUseKind.Multipath or BlockUseKind.Mapping or BlockUseKind.Cache or BlockUseKind.Replication or BlockUseKind.Pool or BlockUseKind.Other;
}
