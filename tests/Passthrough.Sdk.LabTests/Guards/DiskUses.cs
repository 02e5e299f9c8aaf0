using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Guards;

/// <summary>The uses of a disk that the lab's kernel can be brought to, each with its true cause.</summary>
internal static class DiskUses
{
    private const string Mounted = FindingIds.DeviceHoldsMountedFileSystem;
    private const string Volume = FindingIds.DeviceHoldsActiveVolume;
    private const string Exported = FindingIds.DeviceHoldsExportedDisk;
    private const string Subsystem = "/sys/kernel/config/nvmet/subsystems/lab";
    private const string Gadget = "/sys/kernel/config/usb_gadget/lab";
    private const string Namespace = $"{Subsystem}/namespaces/1";

    // A second disk, of which the first scenario that needs one makes the file.
    private const string Second = "modprobe loop; truncate -s 320M /run/second; s=$(losetup -f --show /run/second); echo $s >/run/second.loop";
    private const string NoSecond = "losetup -d $(cat /run/second.loop); rm /run/second*";

    // udev assembles an array as soon as it sees a member of one.
    private const string Partition = "perl -e 'print \"\\0\" x 446, pack(\"C8V2\", 0, 0, 2, 0, 131, 0, 0, 0, 2048, 120000), \"\\0\" x 48, \"\\x55\\xaa\"' | dd of=$d bs=512 status=none; blockdev --rereadpt $d; udevadm settle";

    private const string Quiet = "udevadm settle; udevadm control --stop-exec-queue";
    private const string Loud = "udevadm control --start-exec-queue";

    public static ValueList<DiskUse> All { get; } =
    [
        new("ext4, mounted in another mount namespace whose creator has ended",
            // The first process makes the namespace and ends, the second one lives in it.
            "mkfs.ext4 -q -F $d; unshare --mount bash -c \"mount $d /mnt; (sleep 600 >/dev/null 2>&1 </dev/null & echo \\$! >/run/holder)\"; test -e /sys/fs/ext4/nvme0n1",
            "kill $(cat /run/holder)", Mounted, "in the mount namespace of process", "nsenter --mount --target"),
        new("ext4, mounted in a namespace that only a file keeps",
            "mkfs.ext4 -q -F $d; mkdir -p /run/ns; mount --bind /run/ns /run/ns; mount --make-private /run/ns; touch /run/ns/a; unshare --mount=/run/ns/a mount $d /mnt",
            "umount /run/ns/a; umount /run/ns", Mounted, "(/run/ns/a)", "nsenter --mount=/run/ns/a"),
        new("ext4, unmounted lazily and still in use",
            "mkfs.ext4 -q -F $d; mount $d /mnt; sleep 600 </mnt >/dev/null 2>&1 & echo $! >/run/holder; await 'readlink /proc/$(cat /run/holder)/fd/0 | grep -q mnt'; umount -l /mnt",
            "kill $(cat /run/holder)", Mounted, "no readable mount table shows", "fuser -vm"),
        new("vfat, mounted in a namespace that only a file keeps",
            "mkfs.vfat $d >/dev/null; modprobe vfat; mkdir -p /run/ns; mount --bind /run/ns /run/ns; mount --make-private /run/ns; touch /run/ns/a; unshare --mount=/run/ns/a mount -t vfat $d /mnt",
            "umount /run/ns/a; umount /run/ns", FindingIds.DeviceDiskBusy, "(/run/ns/a)", "lsns"),
        new("the journal of an ext4 on another disk",
            $"{Second}; mke2fs -q -F -O journal_dev $d; mkfs.ext4 -q -F -J device=$d $s; mount $s /mnt",
            $"umount /mnt; {NoSecond}", Mounted, "has its journal on nvme0n1", "dumpe2fs"),
        new("the log of an XFS on another disk",
            $"{Second}; mkfs.xfs -q -f --unsupported -l logdev=$d,size=32m $s; modprobe xfs; mount -t xfs -o logdev=$d $s /mnt",
            $"umount /mnt; {NoSecond}", Mounted, "/mnt (xfs on nvme0n1)", "umount /mnt"),
        new("the second disk of a btrfs",
            $"{Second}; modprobe btrfs; udevadm settle; mkfs.btrfs -q -f -d single -m single $s $d; btrfs device scan $s $d >/dev/null; mount -t btrfs $s /mnt",
            $"umount /mnt; {NoSecond}", Mounted, "/mnt (btrfs on nvme0n1)", "umount /mnt"),
        new("ext4 on a loop device over the disk",
            "modprobe loop; mkfs.ext4 -q -F $d; mount -o loop $d /mnt", "umount /mnt", Mounted, "/mnt (ext4 on loop", "losetup -d /dev/loop"),
        new("swap on the disk", "mkswap -q $d; swapon $d", "swapoff $d", FindingIds.DeviceHoldsSwap, "swaps to", "swapoff"),
        new("zram that writes back to the disk",
            "modprobe zram; udevadm settle; echo $d >/sys/block/zram0/backing_dev", "udevadm settle; await 'echo 1 >/sys/block/zram0/reset'; modprobe -r zram", FindingIds.DeviceHoldsSwap, "zram0", "zramctl -r"),
        new("a loop device over the disk",
            "modprobe loop; losetup -f --show $d >/run/loop", "losetup -d $(cat /run/loop)", Exported, "the loop device loop", "losetup -d /dev/loop"),
        new("a loop device over a node of another mount namespace",
            // The name of the node is not one of the host's.
            "modprobe loop; n=$(cat /sys/block/nvme0n1/dev); unshare --mount sh -c \"mount -t tmpfs none /mnt; mknod /mnt/volume b ${n%:*} ${n#*:}; losetup -f --show /mnt/volume >/run/loop\"",
            "losetup -d $(cat /run/loop)", Exported, "the loop device loop", "losetup -d /dev/loop"),
        new("an NVMe target (nvmet)",
            $"modprobe nvmet; mkdir {Subsystem}; mkdir {Namespace}; echo -n $d >{Namespace}/device_path; echo 1 >{Namespace}/enable",
            $"echo 0 >{Namespace}/enable; rmdir {Namespace}; rmdir {Subsystem}", Exported, "the NVMe target lab, namespace 1", "/enable"),
        new("a SCSI target (LIO, iblock)",
            $"modprobe -a target_core_mod target_core_iblock; t=/sys/kernel/config/target/core/iblock_0; mkdir -p $t/d; echo udev_path=$d >$t/d/control; echo 1 >$t/d/enable",
            "t=/sys/kernel/config/target/core/iblock_0; rmdir $t/d; rmdir $t", Exported, "the SCSI target iblock_0/d", "targetcli /backstores/block delete d"),
        new("a SCSI target (LIO, fileio)",
            $"modprobe -a target_core_mod target_core_file; t=/sys/kernel/config/target/core/fileio_0; mkdir -p $t/d; echo fd_dev_name=$d,fd_dev_size=1048576 >$t/d/control; echo 1 >$t/d/enable",
            "t=/sys/kernel/config/target/core/fileio_0; rmdir $t/d; rmdir $t", Exported, "the SCSI target fileio_0/d", "targetcli /backstores/fileio delete d"),
        new("a USB mass storage gadget",
            $"modprobe -a libcomposite usb_f_mass_storage; mkdir {Gadget}; mkdir {Gadget}/functions/mass_storage.0; echo $d >{Gadget}/functions/mass_storage.0/lun.0/file",
            $"echo >{Gadget}/functions/mass_storage.0/lun.0/file; rmdir {Gadget}/functions/mass_storage.0; rmdir {Gadget}", Exported, "the USB mass storage gadget lab", "/lun.0/file"),
        new("an active LVM volume, not mounted",
            "pvcreate -qq -y $d; vgcreate -qq lab-vg $d; lvcreate -qq -y -Wn -Zn -L 8M -n lv-a lab-vg; vgchange -qq -ay lab-vg",
            "vgchange -qq -an lab-vg; vgremove -qq -f lab-vg; pvremove -qq $d", Volume, "the LVM volume lab-vg/lv-a (dm-0) on nvme0n1", "vgchange -an lab-vg"),
        new("ext4 on an LVM volume on a partition",
            $"{Partition}; pvcreate -qq -y ${{d}}p1; vgcreate -qq lab-vg ${{d}}p1; lvcreate -qq -y -Wn -Zn -L 8M -n lv-a lab-vg; vgchange -qq -ay lab-vg; mkfs.ext4 -q -F /dev/mapper/lab--vg-lv--a; mount /dev/mapper/lab--vg-lv--a /mnt",
            "umount /mnt; vgchange -qq -an lab-vg; vgremove -qq -f lab-vg; pvremove -qq ${d}p1; dd if=/dev/zero of=$d bs=512 count=1 status=none; blockdev --rereadpt $d", Mounted, "/mnt (ext4 on dm-0)", "umount /mnt; vgchange -an lab-vg"),
        new("a RAID array",
            $"{Quiet}; modprobe raid1; mdadm -q --create /dev/md7 --run --level=1 --raid-devices=2 --metadata=1.2 $d missing",
            $"mdadm -q --stop /dev/md7; mdadm -q --zero-superblock $d; {Loud}", Volume, "the RAID array md7 on nvme0n1", "mdadm --stop /dev/md7"),
        new("an inactive RAID array that has taken the disk",
            $"{Quiet}; {Second}; modprobe raid0; mdadm -q --create /dev/md7 --run --level=0 --raid-devices=2 --metadata=1.2 $d $s; mdadm -q --stop /dev/md7; mdadm -q -I $d; grep -q inactive /proc/mdstat",
            $"mdadm -q --stop --scan; mdadm -q --zero-superblock $d; {NoSecond}; {Loud}", Volume, "the RAID array md", "mdadm --stop /dev/md"),
        new("an open encrypted volume (dm-crypt)",
            "modprobe dm-crypt; echo key | cryptsetup open --type plain --cipher aes-cbc-essiv:sha256 --key-size 256 --hash sha256 $d secret", "cryptsetup close secret",
            Volume, "the encrypted volume secret (dm-0) on nvme0n1", "cryptsetup close secret"),
        new("a device-mapper table", "modprobe dm-mod; echo \"0 1024 linear $d 0\" | dmsetup create lin", "dmsetup remove lin", Volume, "the device-mapper device lin (dm-0) on nvme0n1", "dmsetup remove lin"),
        new("a multipath map",
            "modprobe -a dm-multipath dm-round-robin; echo \"0 1024 multipath 2 queue_mode bio 0 1 1 round-robin 0 1 1 $d 1000\" | dmsetup create mp -u mpath-lab", "dmsetup remove mp",
            Volume, "the multipath map mp (dm-0) on nvme0n1", "multipath -f mp"),
        new("a disk that bcache caches",
            "modprobe bcache; make-bcache -B $d >/dev/null; udevadm settle; [ -e /sys/block/bcache0 ] || echo $d >/sys/fs/bcache/register; await '[ -e /sys/block/bcache0/bcache/state ]'",
            "echo 1 >/sys/block/bcache0/bcache/stop; await '[ ! -e /sys/block/bcache0 ]'", Volume, "the bcache device bcache0 on nvme0n1", "/sys/block/bcache0/bcache/stop"),
        new("a disk that is a cache of bcache",
            "modprobe bcache; make-bcache -C --bucket 64k $d >/dev/null; udevadm settle; [ -e /sys/block/nvme0n1/bcache ] || echo $d >/sys/fs/bcache/register; await '[ -e /sys/block/nvme0n1/bcache/set ]'",
            "echo 1 >/sys/block/nvme0n1/bcache/set/stop; await '[ ! -e /sys/block/nvme0n1/bcache ]'", Volume, "cache set", "/stop"),
        new("a program that opened the disk exclusively",
            "perl -e 'use Fcntl; sysopen(F, $ARGV[0], O_RDONLY|O_EXCL) or die; open(P, \">/run/holder\"); print P $$; close P; sleep 600' $d >/dev/null 2>&1 </dev/null & await '[ -s /run/holder ]'",
            "kill $(cat /run/holder); rm /run/holder", FindingIds.DeviceHasOpenHandles, "has /dev/nvme0n1 open", "perl ("),
    ];
}
