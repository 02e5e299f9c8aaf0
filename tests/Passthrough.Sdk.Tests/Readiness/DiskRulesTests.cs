using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Host.Usage.Disks;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Explain;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Each use of a disk is refused under the id of its cause, once, with the commands from the top to the bottom.</summary>
public sealed class DiskRulesTests
{
    private const string Address = "0000:02:00.0";

    private static readonly BlockUse Volume = new(BlockUseKind.LogicalVolume, "md0", "vg/lv", "/sys/class/block/dm-0/slaves") { UpperDevice = "dm-0", EndCommand = "vgchange -an vg" };
    private static readonly BlockUse Array = new(BlockUseKind.RaidArray, "nvme0n1p1", "md0", "/sys/class/block/md0/slaves") { UpperDevice = "md0", EndCommand = "mdadm --stop /dev/md0" };

    [Theory]
    [InlineData(BlockUseKind.FileSystem, FindingIds.DeviceHoldsMountedFileSystem)]
    [InlineData(BlockUseKind.Journal, FindingIds.DeviceHoldsMountedFileSystem)]
    [InlineData(BlockUseKind.MemoryDisk, FindingIds.DeviceHoldsSwap)]
    [InlineData(BlockUseKind.LogicalVolume, FindingIds.DeviceHoldsActiveVolume)]
    [InlineData(BlockUseKind.RaidArray, FindingIds.DeviceHoldsActiveVolume)]
    [InlineData(BlockUseKind.Encryption, FindingIds.DeviceHoldsActiveVolume)]
    [InlineData(BlockUseKind.Multipath, FindingIds.DeviceHoldsActiveVolume)]
    [InlineData(BlockUseKind.Mapping, FindingIds.DeviceHoldsActiveVolume)]
    [InlineData(BlockUseKind.Cache, FindingIds.DeviceHoldsActiveVolume)]
    [InlineData(BlockUseKind.Replication, FindingIds.DeviceHoldsActiveVolume)]
    [InlineData(BlockUseKind.Pool, FindingIds.DeviceHoldsActiveVolume)]
    [InlineData(BlockUseKind.Other, FindingIds.DeviceHoldsActiveVolume)]
    [InlineData(BlockUseKind.LoopDevice, FindingIds.DeviceHoldsExportedDisk)]
    [InlineData(BlockUseKind.NvmeTarget, FindingIds.DeviceHoldsExportedDisk)]
    [InlineData(BlockUseKind.ScsiTarget, FindingIds.DeviceHoldsExportedDisk)]
    [InlineData(BlockUseKind.XenDisk, FindingIds.DeviceHoldsExportedDisk)]
    [InlineData(BlockUseKind.OtherExport, FindingIds.DeviceHoldsExportedDisk)]
    public void Every_kind_of_use_is_an_error_under_the_id_of_its_cause(BlockUseKind kind, string id)
    {
        var finding = Assert.Single(Check(Disk() with { Uses = Known(new BlockUse(kind, "nvme0n1p1", "name", "/source")) }));
        Assert.Equal((id, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("nvme0n1p1", finding.Title, StringComparison.Ordinal);
        Assert.Contains(Address, finding.Title, StringComparison.Ordinal);
        Assert.Equal([PciAddress.Parse(Address)], finding.Devices);
        Assert.NotEmpty(finding.Evidence);
    }

    [Fact]
    public void Every_kind_there_is_has_a_rule() =>
        Assert.All(Enum.GetValues<BlockUseKind>(), kind => Assert.NotEmpty(Check(Disk() with { Uses = Known(new BlockUse(kind, "nvme0n1", "x", "/source")) })));

    [Fact]
    public void Layers_end_from_the_top_to_the_bottom() =>
        Assert.StartsWith("vgchange -an vg; mdadm --stop /dev/md0; or", Assert.Single(Check(Disk() with { Uses = Known(Array, Volume) })).Remedy, StringComparison.Ordinal);

    [Fact]
    public void What_lies_below_a_mounted_file_system_is_part_of_its_remedy_and_the_rest_is_said_by_itself()
    {
        var mounted = Disk() with { Uses = Known(Array, Volume), Mounts = Known(new BlockMount("/data", "ext4", "/dev/vg/lv", "dm-0")) };
        var finding = Assert.Single(Check(mounted));
        Assert.Equal(FindingIds.DeviceHoldsMountedFileSystem, finding.Id);
        Assert.StartsWith("umount /data; vgchange -an vg; mdadm --stop /dev/md0; or", finding.Remedy, StringComparison.Ordinal);

        var other = new BlockUse(BlockUseKind.LogicalVolume, "nvme0n1p2", "vg2/lv", "/source") { UpperDevice = "dm-1", EndCommand = "vgchange -an vg2" };
        Assert.Equal(
            [FindingIds.DeviceHoldsMountedFileSystem, FindingIds.DeviceHoldsActiveVolume],
            Check(mounted with { Uses = Known(Array, Volume, other) }).Select(found => found.Id));
    }

    /// <summary>Who accepts the one must not have accepted the other.</summary>
    [Theory]
    [InlineData("dm-10", "dm-1", false)]
    [InlineData("md12", "md1", false)]
    [InlineData("md1p2", "md1", true)]
    [InlineData("nbda2", "nbda", true)]
    public void A_volume_whose_name_begins_another_one_is_not_below_it(string mounted, string upper, bool isBelow)
    {
        var volume = new BlockUse(BlockUseKind.LogicalVolume, "nvme0n1p2", "vg2/lv", "/source") { UpperDevice = upper, EndCommand = "vgchange -an vg2" };
        var found = Check(Disk() with { Uses = Known(volume), Mounts = Known(new BlockMount("/data", "ext4", $"/dev/{mounted}", mounted)) });
        Assert.Equal(!isBelow, found.Any(finding => finding.Id == FindingIds.DeviceHoldsActiveVolume));
    }

    [Fact]
    public void A_mount_of_another_namespace_is_unmounted_there()
    {
        var finding = Assert.Single(Check(Disk() with { Mounts = Known(new BlockMount("/data", "ext4", "/dev/nvme0n1", "nvme0n1") { ProcessId = 70 }) }));
        Assert.Contains("nsenter --mount --target 70 umount /data", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal("/proc/70/mountinfo", finding.Evidence[0].Source);
    }

    [Fact]
    public void A_file_system_that_is_hidden_in_a_namespace_names_the_namespace()
    {
        var finding = Assert.Single(Check(Disk() with { Uses = Known(new BlockUse(BlockUseKind.FileSystem, "nvme0n1", "ext4", "/sys/fs/ext4/nvme0n1")) }, "mnt:[9] (/run/ns/a)"));
        Assert.Contains("mnt:[9]", finding.Title, StringComparison.Ordinal);
        Assert.Contains("nsenter --mount=/run/ns/a findmnt --source /dev/nvme0n1", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Busy_is_an_error_where_nothing_else_explains_it()
    {
        var busy = Disk() with { IsHeld = Fact.Known(true, "open(/dev/nvme0n1, O_RDONLY | O_EXCL)") };
        Assert.Equal((FindingIds.DeviceDiskBusy, FindingSeverity.Error), Assert.Single(Check(busy).Select(finding => (finding.Id, finding.Severity))));
        Assert.Equal(FindingIds.DeviceHoldsActiveVolume, Assert.Single(Check(busy with { Uses = Known(Array) })).Id);

        // These do not claim the disk, so that somebody else holds it, too.
        Assert.Equal(2, Check(busy with { Uses = Known(new BlockUse(BlockUseKind.NvmeTarget, "nvme0n1", "x", "/source")) }).Count);
    }

    [Fact]
    public void A_free_disk_is_fine_and_what_is_unknown_is_undetermined()
    {
        Assert.Empty(Check(Disk()));
        Assert.Empty(Check(Disk() with { IsHeld = Fact.Unknown<bool>("open", Claims.Unasked) }));
        Assert.Empty(Check(Disk() with { IsHeld = Fact.Unknown<bool>("open", Claims.NoKernel) }));
        Undetermined(FindingIds.DeviceDiskBusy, Disk() with { IsHeld = Fact.Unknown<bool>("open", "permission denied") });
        Undetermined(FindingIds.DeviceHoldsExportedDisk, Disk() with { Uses = Fact.Unknown<ValueList<BlockUse>>("/sys/kernel/config", "permission denied") });
        Undetermined(FindingIds.DeviceHoldsSwap, Disk() with { Swaps = Fact.Unknown<ValueList<string>>("/proc/swaps", "permission denied") });
        Undetermined(FindingIds.DeviceHoldsMountedFileSystem, Disk() with { Mounts = Fact.Unknown<ValueList<BlockMount>>("/proc/*/mountinfo", "permission denied") });
    }

    private static void Undetermined(string id, BlockDevice disk)
    {
        var finding = Assert.Single(Check(disk));
        Assert.Equal((id, true), (finding.Id, finding.IsUndetermined));
    }

    private static Fact<ValueList<T>> Known<T>(params ValueList<T> things) => Fact.Known(things, "/source");

    private static BlockDevice Disk() => new()
    {
        Name = "nvme0n1",
        Mounts = Known<BlockMount>(),
        Swaps = Known<string>(),
        Uses = Known<BlockUse>(),
        IsHeld = Fact.Known(false, "open"),
    };

    private static IReadOnlyList<Finding> Check(BlockDevice disk, params ValueList<string> unseen)
    {
        using var host = FakeHost.Create().AddPciDevice(Address, vendor: 0x1b36, device: 0x0010, @class: 0x010802, driver: "nvme", iommuGroup: 9);
        var snapshot = PassthroughHost.At(host.Root).Capture(CaptureOptions.DevicesOnly);
        var usage = new DeviceUsage
        {
            BlockDevices = Known(disk),
            OpenHandles = Known<OpenHandle>(),
            NetworkInterfaces = Known<NetworkInterface>(),
        };
        var system = new HostSystem
        {
            Usage = new HostUsage(ImmutableDictionary<PciAddress, DeviceUsage>.Empty.Add(PciAddress.Parse(Address), usage), new DeviceUsage()) { UnseenMountNamespaces = unseen },
        };
        var context = new ReadinessContext(Snapshots.With(snapshot, system), GuestKind.Qemu) { Addresses = [PciAddress.Parse(Address)] };
        return [.. ReadinessRules.OfDevices.SelectMany(rule => rule.Check(context)).Where(finding => finding.Id.StartsWith("device.holds", StringComparison.Ordinal) || finding.Id == FindingIds.DeviceDiskBusy)];
    }
}
