using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Host.Usage.Disks;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a disk that the kernel refuses to open exclusively, if nothing else shows what uses it.</summary>
internal sealed class DeviceDiskBusy : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceDiskBusy,
            Severity = FindingSeverity.Error,
            Title = "the kernel reports that a disk of the device is in use",
            Meaning =
                "The disk or one of its partitions is held exclusively, so it has data that would be lost with the disk: a file "
                + "system in a mount namespace that cannot be read (for example vfat, which is visible nowhere else), a storage "
                + "pool of a module that is not part of the kernel, a SCSI target that passes commands through, or a program that "
                + "opened it exclusively.",
            Detection =
                "On the live host, the disk's node is opened for reading with O_EXCL and closed at once, a few times within a "
                + "tenth of a second: the kernel answers EBUSY (device or resource busy) while the disk is held. Nothing is read or "
                + "written; a sleeping disk may wake up. The finding is reported if no mount, swap, volume or export explains the "
                + "answer. Captured hosts and directories have no kernel to ask. Unknown if the node cannot be opened.",
            Remedy =
                "Find the holder: lsblk and findmnt for every namespace (lsns --type mnt), lsof on the node, zpool status. End "
                + "that use and try again, or choose another device.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.DeviceHasOpenHandles];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Reached)
        {
            var disks = context.System.Usage[address].BlockDevices;
            foreach (var disk in disks.IsKnown ? disks.Value : [])
            {
                if (disk.IsHeld is { IsKnown: true, Value: true } && !IsExplained(disk))
                {
                    var unseen = context.System.Usage.UnseenMountNamespaces;
                    yield return FindingFactory.Of(
                        [address],
                        FindingIds.DeviceDiskBusy,
                        FindingSeverity.Error,
                        $"the kernel reports that {disk.Name} of {address} is in use, but no file of the host shows what uses it"
                            + (unseen.IsEmpty ? "" : $"; it may be mounted in the mount namespace {DiskUses.List(unseen)}, which has no process"),
                        $"find what holds it (lsblk /dev/{disk.Name}; lsof /dev/{disk.Name}; lsns --type mnt) and end that use, or choose another device",
                        new Evidence(disk.IsHeld.Source, "EBUSY: device or resource busy"));
                }
                else if (disk.IsHeld is { IsUnknown: true, Source.Length: > 0, Reason: not (Claims.Unasked or Claims.NoKernel) } && !disk.Mounts.IsUnknown)
                {
                    yield return FindingFactory.Undetermined([address], FindingIds.DeviceDiskBusy, $"whether the kernel uses {disk.Name} of {address}", disk.IsHeld);
                }
            }
        }
    }

    private static bool IsExplained(BlockDevice disk) =>
        disk.Mounts is { IsKnown: true, Value.IsEmpty: false } || disk.Swaps is { IsKnown: true, Value.IsEmpty: false } || disk.Uses is { IsKnown: true, Value: var uses } && uses.Any(IsClaim);

    // Loop devices, the NVMe target and USB gadgets open a disk without a claim: something else holds it.
    private static bool IsClaim(BlockUse use) => use.Kind is not (BlockUseKind.LoopDevice or BlockUseKind.NvmeTarget or BlockUseKind.XenDisk or BlockUseKind.OtherExport);
}
