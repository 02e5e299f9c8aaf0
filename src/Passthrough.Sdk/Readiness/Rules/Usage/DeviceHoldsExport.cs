using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a disk of the device that the host exports: as a loop device, to other hosts, or to guests of Xen.</summary>
internal sealed class DeviceHoldsExport : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHoldsExportedDisk,
            Severity = FindingSeverity.Error,
            Title = "the host exports a disk of the device",
            Meaning =
                "Every user of the disk through the host loses it: a loop device over it, another host that is connected to the "
                + "kernel's NVMe or SCSI target, a guest of Xen that has it as a virtual disk. The kernel's NVMe target and loop "
                + "devices do not claim the disk, so neither libvirt nor an exclusive open notices them.",
            Detection =
                "/sys/class/block/loopN/loop/backing_file, /sys/kernel/config/nvmet/subsystems/*/namespaces/*/device_path "
                + "(enabled ones) and passthru/device_path, /sys/kernel/config/target/core/*/*/info and udev_path (enabled ones), "
                + "/sys/bus/xen-backend/devices/vbd-*/physical_device, /sys/kernel/config/usb_gadget/*/functions/mass_storage.*/lun.*/file, "
                + "/sys/class/rnbd-server/ctl/devices/*/block_dev. Disks that a program exports (nbd-server, qemu-nbd, a guest "
                + "of QEMU) are found as open handles. Unknown if nothing was found and one of these directories, or /sys/fs, "
                + "cannot be read.",
            Remedy =
                "End the use, then remove the export: losetup -d /dev/loopN, echo 0 > .../namespaces/N/enable, targetcli "
                + "/backstores/block delete NAME, xl block-detach GUEST DISK. Or choose another device.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Reached)
        {
            var disks = context.System.Usage[address].BlockDevices;
            foreach (var disk in disks.IsKnown ? disks.Value : [])
            {
                var exports = DiskUses.Of(disk).Free.Where(use => IsExport(use.Kind)).ToValueList();
                if (!exports.IsEmpty)
                {
                    yield return FindingFactory.Of(
                        [address],
                        FindingIds.DeviceHoldsExportedDisk,
                        FindingSeverity.Error,
                        $"the host exports a disk of {address}: {DiskUses.List(exports)}",
                        $"{string.Join("; ", DiskUses.Commands(exports).DefaultIfEmpty($"end what uses {disk.Name}"))}; or choose another device",
                        [.. exports.Select(use => new Evidence(use.Source, use.ToString()))]);
                }

                if (disk.Uses is { IsUnknown: true, Source.Length: > 0 } && !disk.Mounts.IsUnknown)
                {
                    yield return FindingFactory.Undetermined([address], FindingIds.DeviceHoldsExportedDisk, $"whether the host exports {disk.Name} of {address}", disk.Uses);
                }
            }
        }
    }

    private static bool IsExport(BlockUseKind kind) =>
        kind is BlockUseKind.LoopDevice or BlockUseKind.NvmeTarget or BlockUseKind.ScsiTarget or BlockUseKind.XenDisk or BlockUseKind.OtherExport;
}
