using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Host;

/// <summary>Uses of a disk beyond a mount in this program's own namespace.</summary>
public sealed class DiskUseTests
{
    private static readonly PciAddress Disk = PciAddress.Parse("0000:02:00.0");
    private const string Node = "/dev/nvme0n1";

    private static MemorySysfs Host() => new MemorySysfs()
        .AddDirectory("/sys/class/misc")
        .AddLink("/sys/class/block/nvme0n1", "../../devices/pci0000:00/0000:02:00.0/nvme/nvme0/nvme0n1").Add("/sys/class/block/nvme0n1/dev", "259:0\n")
        .AddLink("/sys/class/block/nvme0n1p1", "../../devices/pci0000:00/0000:02:00.0/nvme/nvme0/nvme0n1/nvme0n1p1").Add("/sys/class/block/nvme0n1p1/dev", "259:1\n")
        .AddLink("/sys/class/block/loop0", "../../devices/virtual/block/loop0").Add("/sys/class/block/loop0/dev", "7:0\n")
        .Add("/proc/self/mountinfo", "22 29 0:20 / /proc rw - proc proc rw\n")
        .AddLink("/proc/self/ns/mnt", "mnt:[1]")
        .Add("/proc/swaps", "Filename\n");

    private static MemorySysfs Process(MemorySysfs files, int id, string space, string mountinfo = "", string root = "/") => files
        .AddLink($"/proc/{id}/ns/mnt", space).AddLink($"/proc/{id}/root", root).Add($"/proc/{id}/mountinfo", mountinfo);

    private static BlockDevice Read(MemorySysfs files, bool handles = false) =>
        Assert.Single(UsageReader.Read(files, handles, [Disk])[Disk].BlockDevices.Value);

    private static BlockUse Use(MemorySysfs files) => Assert.Single(Read(files).Uses.Value);

    [Fact]
    public void A_mounted_disc_belongs_to_the_controller_of_its_drive()
    {
        var files = new MemorySysfs().AddDirectory("/sys/class/misc")
            .AddLink("/sys/class/block/sr0", "../../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sr0").Add("/sys/class/block/sr0/dev", "11:0\n")
            .Add("/proc/self/mountinfo", "40 22 11:0 / /media/disc ro,relatime shared:9 - iso9660 /dev/sr0 ro\n");
        var disk = Assert.Single(UsageReader.Read(files, false)[PciAddress.Parse("0000:00:1f.2")].BlockDevices.Value);
        Assert.Equal("sr0", disk.Name);
        Assert.Equal("/media/disc", Assert.Single(disk.Mounts.Value).MountPoint);
    }

    [Fact]
    public void A_mount_of_another_namespace_is_found_through_a_process_in_it()
    {
        const string Mounted = "90 80 259:1 / /data rw - ext4 /dev/nvme0n1p1 rw\n";
        var files = Process(Process(Host(), 1, "mnt:[1]"), 70, "mnt:[2]", Mounted);
        var mount = Assert.Single(Read(files).Mounts.Value);
        Assert.Equal(("/data", 70), (mount.MountPoint, mount.ProcessId));
        Assert.Equal("/data (ext4 on nvme0n1p1, in the mount namespace of process 70)", mount.ToString());
    }

    [Fact]
    public void Each_namespace_is_read_once_and_a_mount_that_all_have_stands_once()
    {
        const string Mounted = "90 80 259:1 / /data rw - ext4 /dev/nvme0n1p1 rw\n";
        var files = Host().Add("/proc/self/mountinfo", Mounted);
        for (var id = 1; id < 9; id++)
        {
            Process(files, id, id < 5 ? "mnt:[1]" : "mnt:[2]", Mounted);
        }

        // Of the second namespace only the first process's table is needed.
        files.Deny("/proc/6/mountinfo").Deny("/proc/7/mountinfo").Deny("/proc/8/mountinfo");
        Assert.Null(Assert.Single(Read(files).Mounts.Value).ProcessId);
    }

    [Fact]
    public void A_process_with_another_root_directory_hides_nothing_of_its_namespace()
    {
        var files = Process(Process(Host(), 60, "mnt:[2]", "1 1 0:1 / / rw - tmpfs tmpfs rw\n", root: "/jail"), 70, "mnt:[2]", "90 80 259:1 / /data rw - ext4 /dev/nvme0n1p1 rw\n");
        Assert.Equal("/data", Assert.Single(Read(files).Mounts.Value).MountPoint);
    }

    [Fact]
    public void A_thread_can_have_a_namespace_of_its_own()
    {
        var files = Process(Host(), 70, "mnt:[1]").AddDirectory("/proc/70/task/70").AddLink("/proc/70/task/71/ns/mnt", "mnt:[2]")
            .Add("/proc/70/task/71/mountinfo", "90 80 259:1 / /data rw - ext4 /dev/nvme0n1p1 rw\n").AddDirectory("/proc/70/fd");
        Assert.Equal(71, Assert.Single(Read(files, handles: true).Mounts.Value).ProcessId);
    }

    [Fact]
    public void What_may_not_be_looked_at_is_unknown_unless_the_kernel_says_that_nobody_holds_the_disk()
    {
        var files = Process(Host(), 70, "mnt:[2]").Deny("/proc/70/ns/mnt");
        Assert.True(Read(files).Mounts.IsUnknown);
        Assert.Equal("the mounts of 1 processes cannot be read", Read(files).Mounts.Reason);
        Assert.True(Read(files.Claim(Node, Errno.Success)).Mounts is { IsKnown: true, Value.IsEmpty: true });
        Assert.True(Read(files.Claim(Node, Errno.Busy)).Mounts.IsUnknown);
    }

    [Fact]
    public void A_namespace_without_a_process_is_named_and_what_is_mounted_there_is_seen_by_the_kernels_own_list()
    {
        var files = Host().Add("/proc/self/mountinfo", "50 36 0:4 mnt:[9] /run/ns/a rw - nsfs nsfs rw\n");
        Assert.True(Read(files).Mounts.IsUnknown);
        Assert.Equal("no process is in the mount namespace mnt:[9] (/run/ns/a)", Read(files).Mounts.Reason);
        Assert.Equal(["mnt:[9] (/run/ns/a)"], UsageReader.Read(files, false).UnseenMountNamespaces);
        var use = Use(files.AddDirectory("/sys/fs/ext4/nvme0n1p1").AddDirectory("/sys/fs/ext4/features"));
        Assert.Equal((BlockUseKind.FileSystem, "nvme0n1p1", "ext4"), (use.Kind, use.BlockDevice, use.Name));
    }

    [Fact]
    public void A_namespace_that_a_process_is_in_is_not_missing_and_one_that_a_descriptor_keeps_is()
    {
        var files = Process(Host().Add("/proc/self/mountinfo", "50 36 0:4 mnt:[9] /run/ns/a rw - nsfs nsfs rw\n"), 70, "mnt:[9]").AddLink("/proc/70/fd/5", "mnt:[8]");
        Assert.True(Read(files).Mounts.IsKnown);
        Assert.Equal("no process is in the mount namespace mnt:[8] (kept open by process 70)", Read(files, handles: true).Mounts.Reason);
    }

    [Fact]
    public void A_captured_host_keeps_the_mounts_of_all_namespaces_and_what_was_not_seen()
    {
        var files = Process(Process(Host(), 1, "mnt:[1]"), 70, "mnt:[2]", "90 80 259:1 / /my\\040data rw - ext4 /dev/nvme0n1p1 rw\n91 80 0:9 / /srv rw - nfs4 server:/secret rw\n");
        var record = new TreeSysfs();
        var recording = new RecordingSysfs(files, record);
        _ = UsageReader.Read(recording, false);
        recording.Close();

        var mount = Assert.Single(Assert.Single(UsageReader.Read(record, false)[Disk].BlockDevices.Value).Mounts.Value);
        Assert.Equal(("/my data", 70), (mount.MountPoint, mount.ProcessId));
        Assert.Null(record.Find("/proc/70"));
        Assert.DoesNotContain("secret", System.Text.Encoding.UTF8.GetString(record.Find("/.passthrough/mounts")!.Content!), StringComparison.Ordinal);

        recording = new RecordingSysfs(files.Deny("/proc/70/ns/mnt"), record = new TreeSysfs());
        _ = UsageReader.Read(recording, false);
        recording.Close();
        Assert.Equal("the mounts of 1 processes cannot be read", Assert.Single(UsageReader.Read(record, false)[Disk].BlockDevices.Value).Mounts.Reason);
    }

    [Theory]
    [InlineData("/sys/fs/ext4/nvme0n1", BlockUseKind.FileSystem, "ext4")]
    [InlineData("/sys/fs/xfs/nvme0n1p1", BlockUseKind.FileSystem, "xfs")]
    [InlineData("/sys/fs/f2fs/nvme0n1p1", BlockUseKind.FileSystem, "f2fs")]
    [InlineData("/proc/fs/jbd2/nvme0n1p1", BlockUseKind.Journal, "jbd2")]
    [InlineData("/proc/fs/jbd2/nvme0n1p1-8", BlockUseKind.FileSystem, "ext4 or ocfs2")]
    [InlineData("/sys/fs/btrfs/1234/devices/nvme0n1p1", BlockUseKind.FileSystem, "btrfs")]
    public void The_kernels_own_lists_show_what_no_mount_table_does(string path, BlockUseKind kind, string name)
    {
        var use = Use(Host().AddDirectory(path));
        Assert.Equal((kind, name), (use.Kind, use.Name));
    }

    [Fact]
    public void A_mount_that_a_table_shows_is_not_said_twice() =>
        Assert.Empty(Read(Host().AddDirectory("/sys/fs/ext4/nvme0n1p1").Add("/proc/self/mountinfo", "90 80 259:1 / /data rw - ext4 /dev/nvme0n1p1 rw\n")).Uses.Value);

    [Theory]
    [InlineData("8:0 / /data rw - xfs /dev/sda rw,logdev=/dev/nvme0n1p1,noquota")]
    [InlineData("8:0 / /data rw - xfs /dev/sda rw,rtdev=/dev/nvme0n1")]
    [InlineData("0:50 / /data rw - bcachefs /dev/sda:/dev/nvme0n1p1 rw")]
    public void The_log_and_the_other_devices_of_a_file_system_count(string line) =>
        Assert.Equal("/data", Assert.Single(Read(Host().Add("/proc/self/mountinfo", $"90 80 {line}\n")).Mounts.Value).MountPoint);

    [Theory]
    [InlineData("LVM-abc", "my--vg-lv--0", BlockUseKind.LogicalVolume, "my-vg/lv-0", "vgchange -an my-vg")]
    [InlineData("CRYPT-LUKS2-abc-secret", "secret", BlockUseKind.Encryption, "secret", "cryptsetup close secret")]
    [InlineData("CRYPT-VERITY-abc-root", "root", BlockUseKind.Encryption, "root", "veritysetup close root")]
    [InlineData("mpath-abc", "mpatha", BlockUseKind.Multipath, "mpatha", "multipath -f mpatha")]
    [InlineData("", "plain", BlockUseKind.Mapping, "plain", "dmsetup remove plain")]
    public void A_mapping_is_named_by_who_made_it(string uuid, string name, BlockUseKind kind, string called, string command)
    {
        var files = Host().AddLink("/sys/class/block/dm-0", "../../devices/virtual/block/dm-0").AddLink("/sys/class/block/dm-0/slaves/nvme0n1p1", "x")
            .Add("/sys/class/block/dm-0/dm/name", name + "\n").Add("/sys/class/block/dm-0/dm/uuid", uuid + "\n");
        var use = Use(files);
        Assert.Equal((kind, called, "nvme0n1p1", "dm-0", command), (use.Kind, use.Name, use.BlockDevice, use.UpperDevice, use.EndCommand));
    }

    [Fact]
    public void Arrays_caches_and_replicas_are_told_apart()
    {
        MemorySysfs Upper(string name) => Host().AddLink($"/sys/class/block/{name}", $"../../devices/virtual/block/{name}").AddLink($"/sys/class/block/{name}/slaves/nvme0n1", "x");
        Assert.Equal(BlockUseKind.RaidArray, Use(Upper("md127").AddDirectory("/sys/class/block/md127/md")).Kind);
        Assert.Equal(BlockUseKind.Replication, Use(Upper("drbd0")).Kind);
        Assert.Equal(BlockUseKind.Other, Use(Upper("new0")).Kind);
        var cached = Upper("bcache0").AddDirectory("/sys/fs/bcache").AddLink("/sys/class/block/nvme0n1/bcache/dev", "../../../../block/bcache0");
        Assert.Equal((BlockUseKind.Cache, "echo 1 > /sys/block/bcache0/bcache/stop"), (Use(cached).Kind, Use(cached).EndCommand));
        var cache = Use(Host().AddDirectory("/sys/fs/bcache").AddLink("/sys/class/block/nvme0n1/bcache/set", "../../../../fs/bcache/1-2-3"));
        Assert.Equal((BlockUseKind.Cache, "echo 1 > /sys/fs/bcache/1-2-3/stop"), (cache.Kind, cache.EndCommand));
        Assert.Equal(BlockUseKind.Cache, Use(Host().AddDirectory("/sys/fs/bcache").Add("/sys/class/block/nvme0n1/bcache/state", "no cache\n")).Kind);
    }

    [Theory]
    [InlineData("/dev/nvme0n1p1")]
    [InlineData("/jail/dev/nvme0n1p1 (deleted)")]
    [InlineData("/elsewhere/disk")]
    public void A_loop_device_over_a_partition_stands_on_it_and_so_does_what_is_mounted_from_it(string backing)
    {
        var files = Host().Add("/sys/class/block/loop0/loop/backing_file", backing + "\n").AddNode("/elsewhere/disk", number: "259:1", kind: FileKind.BlockDevice);
        Assert.Equal((BlockUseKind.LoopDevice, "nvme0n1p1", "losetup -d /dev/loop0"), (Use(files).Kind, Use(files).BlockDevice, Use(files).EndCommand));
        Assert.Equal("/data", Assert.Single(Read(files.Add("/proc/self/mountinfo", "9 8 7:0 / /data rw - ext4 /dev/loop0 rw\n")).Mounts.Value).MountPoint);
    }

    [Theory]
    [InlineData("/mnt/vol", "259:1", true)] // a node of another mount namespace, of any name
    [InlineData("/dev/nvme0n1p1 (deleted)", null, false)] // a file that had such a name
    public void The_kernel_is_asked_what_a_loop_device_stands_on_and_the_name_does_not_count(string backing, string? number, bool isOnDisk)
    {
        var files = Host().Add("/sys/class/block/loop0/loop/backing_file", backing + "\n").Loop("/dev/loop0", number);
        Assert.Equal(isOnDisk, Read(files).Uses.Value.Any(use => use.Kind == BlockUseKind.LoopDevice));
    }

    [Fact]
    public void An_export_of_a_node_that_is_gone_leaves_it_open_which_disk_it_is()
    {
        const string Namespace = "/sys/kernel/config/nvmet/subsystems/lab/namespaces/1";
        var uses = Read(Host().Add($"{Namespace}/enable", "1\n").Add($"{Namespace}/device_path", "/mnt/gone\n")).Uses;
        Assert.True(uses.IsUnknown);
        Assert.Contains("/mnt/gone does not exist any more", uses.Reason, StringComparison.Ordinal);
        Assert.True(Read(Host().Add($"{Namespace}/enable", "1\n").Add($"{Namespace}/device_path", "/var/lib/image\n").Add("/var/lib/image", "")).Uses.IsKnown);
    }

    [Fact]
    public void A_loop_device_over_a_file_stands_on_no_disk() =>
        Assert.Empty(Read(Host().Add("/sys/class/block/loop0/loop/backing_file", "/var/lib/nvme0n1p9.img\n")).Uses.Value);

    [Fact]
    public void Exports_of_the_kernel_are_found_where_they_are_enabled()
    {
        const string Namespace = "/sys/kernel/config/nvmet/subsystems/lab/namespaces/1", Block = "/sys/kernel/config/target/core/iblock_0/d";
        var nvmet = Host().Add($"{Namespace}/device_path", "/dev/nvme0n1p1\n").Add($"{Namespace}/enable", "1\n");
        Assert.Equal((BlockUseKind.NvmeTarget, "nvme0n1p1", $"echo 0 > {Namespace}/enable"), (Use(nvmet).Kind, Use(nvmet).BlockDevice, Use(nvmet).EndCommand));
        Assert.Empty(Read(nvmet.Add($"{Namespace}/enable", "0\n")).Uses.Value);

        var target = Host().Add($"{Block}/enable", "1\n").Add($"{Block}/info", "Status: DEACTIVATED  Max Queue Depth: 0\n        iBlock device: nvme0n1  UDEV PATH: \n        Major: 259 Minor: 0  CLAIMED: IBLOCK\n");
        Assert.Equal((BlockUseKind.ScsiTarget, "nvme0n1", "targetcli /backstores/block delete d"), (Use(target).Kind, Use(target).BlockDevice, Use(target).EndCommand));
        var file = Host().Add("/sys/kernel/config/target/core/fileio_0/d/enable", "1\n").Add("/sys/kernel/config/target/core/fileio_0/d/info", "TCM FILEIO ID: 0        File: /dev/nvme0n1p1  Size: 1\n");
        Assert.Equal("nvme0n1p1", Use(file).BlockDevice);

        var xen = Host().Add("/sys/bus/xen-backend/devices/vbd-3-51712/physical_device", "103:1\n");
        Assert.Equal((BlockUseKind.XenDisk, "nvme0n1p1", "xl block-detach 3 51712"), (Use(xen).Kind, Use(xen).BlockDevice, Use(xen).EndCommand));
        Assert.True(Read(Host().AddDirectory("/sys/kernel/config/target/core").Deny("/sys/kernel/config/target/core")).Uses.IsUnknown);
    }

    [Fact]
    public void A_controller_that_is_passed_on_a_gadget_and_a_network_server_are_exports_too()
    {
        const string Passed = "/sys/kernel/config/nvmet/subsystems/lab/passthru", Unit = "/sys/kernel/config/usb_gadget/g1/functions/mass_storage.0/lun.0/file";
        var nvmet = Host().AddLink("/sys/class/nvme/nvme0", "../../devices/pci0000:00/0000:02:00.0/nvme/nvme0").Add($"{Passed}/device_path", "/dev/nvme0\n").Add($"{Passed}/enable", "1\n");
        Assert.Equal((BlockUseKind.NvmeTarget, "nvme0n1", $"echo 0 > {Passed}/enable"), (Use(nvmet).Kind, Use(nvmet).BlockDevice, Use(nvmet).EndCommand));
        Assert.Empty(Read(nvmet.Add($"{Passed}/enable", "0\n")).Uses.Value);

        var gadget = Host().Add(Unit, "/dev/nvme0n1\n");
        Assert.Equal((BlockUseKind.OtherExport, "the USB mass storage gadget g1 on nvme0n1"), (Use(gadget).Kind, Use(gadget).ToString()));
        Assert.Empty(Read(gadget.Add(Unit, "\n")).Uses.Value);

        var server = Host().AddLink("/sys/class/rnbd-server/ctl/devices/nvme0n1p1/block_dev", "../../../../../class/block/nvme0n1p1");
        Assert.Equal((BlockUseKind.OtherExport, "nvme0n1p1"), (Use(server).Kind, Use(server).BlockDevice));
    }

    [Theory]
    [InlineData("9pnet_virtio", "90 80 0:40 / /share rw - 9p out rw,trans=virtio", "/share (9p on virtio3)")]
    [InlineData("9pnet_virtio", "90 80 0:40 / /share rw - 9p other rw,trans=virtio", null)]
    [InlineData("virtiofs", "90 80 0:40 / / rw - virtiofs whatever rw", "/ (virtiofs on virtio3)")]
    [InlineData("virtio_rng", "90 80 0:40 / /share rw - 9p out rw,trans=virtio", null)]
    public void A_directory_of_the_host_above_counts_for_the_function_that_it_comes_through(string driver, string mount, string? expected)
    {
        var files = Process(Host(), 70, "mnt:[2]", mount + "\n")
            .AddLink("/sys/bus/virtio/devices/virtio3", "../../../devices/pci0000:00/0000:00:04.0/virtio3")
            .AddLink("/sys/bus/virtio/devices/virtio3/driver", $"../../../bus/virtio/drivers/{driver}")
            .Add("/sys/bus/virtio/devices/virtio3/mount_tag", "out\0");

        var usage = UsageReader.Read(files, withHandles: false);

        Assert.Equal(expected, usage[PciAddress.Parse("0000:00:04.0")].VirtioMounts.Value.SingleOrDefault()?.ToString().Replace(", in the mount namespace of process 70", "", StringComparison.Ordinal));
        Assert.True(usage[Disk].VirtioMounts is { IsKnown: true, Value.IsEmpty: true });
    }

    [Fact]
    public void A_container_cannot_tell_what_processes_outside_of_it_use()
    {
        var files = Process(Host(), 1, "mnt:[1]").AddLink("/proc/self/ns/pid", "pid:[4026532201]").AddDirectory("/proc/1/fd");

        Assert.Contains("PID namespace", Read(files).Mounts.Reason, StringComparison.Ordinal);
        Assert.Contains("PID namespace", UsageReader.Read(files, withHandles: true)[Disk].OpenHandles.Reason, StringComparison.Ordinal);
        Assert.True(Read(files.AddLink("/proc/self/ns/pid", "pid:[4026531836]")).Mounts.IsKnown);
        Assert.True(Read(files.Claim(Node, Errno.Success).AddLink("/proc/self/ns/pid", "pid:[4026532201]")).Mounts is { IsKnown: true, Value.IsEmpty: true });
    }

    [Fact]
    public void A_memory_disk_that_writes_back_counts()
    {
        var files = Host().AddLink("/sys/class/block/zram0", "../../devices/virtual/block/zram0").Add("/sys/class/block/zram0/backing_dev", "/dev/nvme0n1p1\n");
        Assert.Equal((BlockUseKind.MemoryDisk, "zram0"), (Use(files).Kind, Use(files).Name));
        Assert.Empty(Read(files.Add("/sys/class/block/zram0/backing_dev", "none\n")).Uses.Value);
    }

    [Theory]
    [InlineData(Errno.Busy, true, null)]
    [InlineData(Errno.Success, false, null)]
    [InlineData(Errno.AccessDenied, null, "permission denied")]
    [InlineData(Errno.NotImplemented, null, "only the running kernel can tell")]
    public void The_kernel_is_asked_whether_somebody_holds_the_disk(int errno, bool? held, string? reason)
    {
        var fact = Read(Host().Claim(Node, errno)).IsHeld;
        Assert.Equal((held is not null, held ?? false, reason), (fact.IsKnown, fact.Value, fact.Reason));
        Assert.True(Assert.Single(UsageReader.Read(Host().Claim(Node, errno), false)[Disk].BlockDevices.Value).IsHeld.IsUnknown);
    }

    [Fact]
    public void A_held_member_of_a_pool_is_named_by_what_udev_saw_on_it()
    {
        var files = Host().Claim(Node, Errno.Busy).Add("/run/udev/data/b259:1", "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank\n");
        Assert.Equal((BlockUseKind.Pool, "tank", "zpool export tank"), (Use(files).Kind, Use(files).Name, Use(files).EndCommand));
        Assert.Empty(Read(files.Claim(Node, Errno.Success)).Uses.Value);
    }

    [Fact]
    public void A_partition_table_an_unmounted_file_system_and_an_inactive_volume_are_no_use()
    {
        var disk = Read(Host().Claim(Node, Errno.Success).Add("/run/udev/data/b259:1", "E:ID_FS_TYPE=LVM2_member\n"));
        Assert.True(disk is { Mounts: { IsKnown: true, Value.IsEmpty: true }, Uses: { IsKnown: true, Value.IsEmpty: true }, IsHeld: { IsKnown: true, Value: false } });
    }

    [Fact]
    public void Generic_nvme_nodes_nodes_elsewhere_and_mappings_belong_to_their_functions()
    {
        var files = Host()
            .AddLink("/sys/dev/char/243:0", "../../devices/virtual/nvme-subsystem/nvme-subsys0/ng0n1").AddLink("/sys/dev/char/243:0/subsystem", "../../../class/nvme-generic")
            .AddLink("/sys/class/nvme-subsystem/nvme-subsys0/nvme0", "../../../pci0000:00/0000:02:00.0/nvme/nvme0")
            .AddLink("/sys/dev/block/259:1", "../../devices/pci0000:00/0000:02:00.0/nvme/nvme0/nvme0n1/nvme0n1p1")
            .AddNode("/proc/70/fd/3", number: "243:0").AddLink("/proc/70/fd/3", "/dev/ng0n1")
            .AddNode("/proc/71/fd/3", number: "259:1", kind: FileKind.BlockDevice).AddLink("/proc/71/fd/3", "/root/disk")
            .AddDirectory("/proc/72/fd").Add("/proc/72/maps", "7f00-7f01 r--p 00000000 08:01 5    /usr/lib/libc.so\n7fd1c41f7000-7fd1c41f8000 rw-s 81000000 00:05 174                        /dev/nvme0n1p1\n")
            .AddNode("/proc/72/map_files/7fd1c41f7000-7fd1c41f8000", number: "259:1", kind: FileKind.BlockDevice)
            .AddDirectory("/proc/73/fd").Add("/proc/73/maps", "7f00-7f01 rw-s 00000000 00:17 9    /sys/devices/pci0000:00/0000:02:00.0/resource0\n");
        var handles = UsageReader.Read(files, true)[Disk].OpenHandles.Value;
        Assert.Equal(
            ["process (70) has /dev/ng0n1 open", "process (71) has /root/disk open", "process (72) has /dev/nvme0n1p1 mapped", "process (73) has /sys/devices/pci0000:00/0000:02:00.0/resource0 mapped"],
            handles.Select(handle => handle.ToString()));
        Assert.Equal([("ng0n1", "nvme-generic"), ("nvme0n1p1", null)], handles.Take(2).Select(handle => (handle.DeviceName, handle.Subsystem)));
    }

    [Fact]
    public void Files_of_a_server_are_not_looked_at()
    {
        var files = Process(Host(), 71, "mnt:[2]", "5 4 0:50 / /srv rw - nfs4 server:/ rw\n").AddNode("/proc/71/fd/3", number: "259:1", kind: FileKind.BlockDevice)
            .AddLink("/proc/71/fd/3", "/srv/disk").AddLink("/sys/dev/block/259:1", "../../devices/pci0000:00/0000:02:00.0/nvme/nvme0/nvme0n1/nvme0n1p1");
        Assert.Empty(UsageReader.Read(files, true)[Disk].OpenHandles.Value);
    }
}
