using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.LabTests.Guards;

/// <summary>A plan for a disk that the host uses is refused with the true cause, and one for a free disk is not. The rows are those of docs/guards.md.</summary>
[LabHost(Iommu.Vtd, Own = "disks")]
public sealed class DiskGuardTests
{
    // A wait that ends, whatever a scenario left undone.
    private const string Disk = "d=/dev/nvme0n1; await() { for i in $(seq 300); do eval \"$1\" && return; sleep 0.1; done; return 1; }";

    // Whatever a scenario put on the disk is gone for the next one, and udev has seen it. Every signature that these scenarios write lies in the first MiB.
    private const string Wipe = "dd if=/dev/zero of=$d bs=1M count=1 status=none; udevadm settle";

    // The function through which tests/lab/boot gives the host its directory /out.
    private static readonly PciAddress Share = PciAddress.Parse("0000:00:1a.0");

    public static TheoryData<string> Names => [.. DiskUses.All.Select(use => use.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_disk_that_the_host_uses_is_refused_with_the_cause_and_is_free_afterwards(string name)
    {
        Prepare(name);
        var use = DiskUses.All.Single(candidate => candidate.Name == name);
        using var vm = LabDomain.Define("disk");
        var before = HostPicture.Of(Device.Disk, vm);
        var free = Standing();
        try
        {
            Shell.Run($"set -e; {Disk}; {use.Make}");
            var used = Standing();
            var picture = HostPicture.Of(Device.Disk, vm);

            var plan = PlanFor(vm);

            Assert.True(plan.IsRefused, string.Join("; ", plan.Findings));
            Assert.Empty(plan.Steps);
            var finding = Assert.Single(plan.Findings, candidate => candidate.Severity == FindingSeverity.Error);
            Assert.Equal(use.Id, finding.Id);
            Assert.Contains(use.Said, finding.Title, StringComparison.Ordinal);
            Assert.Contains(use.Command, finding.Remedy, StringComparison.Ordinal);
            Assert.Equal(picture, HostPicture.Of(Device.Disk, vm));
            Assert.Equal(before with { Mounts = picture.Mounts }, picture);
            Assert.Equal(used, Standing());
        }
        finally
        {
            // What is left is found below; a failure above is not hidden by one here.
            Shell.Try($"{Disk}; {use.TakeBack}; {Wipe}");
        }

        IsFree(PlanFor(vm));
        Assert.Equal(before, HostPicture.Of(Device.Disk, vm));
        Assert.Equal(free, Standing());
    }

    [Theory]
    [InlineData("a disk with an ext4 that is not mounted", "mkfs.ext4 -q -F $d")]
    [InlineData("a disk with a swap area that is not on", "mkswap -q $d")]
    [InlineData("a disk with an inactive LVM volume", "pvcreate -qq -y $d; vgcreate -qq lab-vg $d; lvcreate -qq -y -Wn -Zn -L 8M -n lv-a lab-vg; vgchange -qq -an lab-vg")]
    [InlineData("a disk that is a member of an array which is not assembled", "udevadm control --stop-exec-queue; modprobe raid1; mdadm -q --create /dev/md7 --run --level=1 --raid-devices=2 --metadata=1.2 $d missing; mdadm -q --stop /dev/md7")]
    [InlineData("a disk with a partition table that nobody uses", "perl -e 'print \"\\0\" x 446, pack(\"C8V2\", 0, 0, 2, 0, 131, 0, 0, 0, 2048, 32768), \"\\0\" x 48, \"\\x55\\xaa\"' | dd of=$d bs=512 status=none; blockdev --rereadpt $d; udevadm settle; test -e ${d}p1; mkfs.ext4 -q -F ${d}p1")]
    public void A_disk_that_nobody_uses_is_free(string name, string make)
    {
        Prepare(name);
        using var vm = LabDomain.Define("disk");
        var before = HostPicture.Of(Device.Disk, vm);
        try
        {
            Shell.Run($"set -e; {Disk}; udevadm settle; {make}");

            IsFree(PlanFor(vm));
            Assert.Equal(before, HostPicture.Of(Device.Disk, vm));
        }
        finally
        {
            Shell.Try($"{Disk}; mdadm -q --zero-superblock $d; udevadm control --start-exec-queue; {Wipe}; blockdev --rereadpt $d; udevadm settle");
        }
    }

    [Fact]
    public void For_an_ordinary_user_it_is_not_known_whether_a_disk_is_used()
    {
        var report = AsNobody.Run(() => PassthroughHost.Local().Capture(new() { DetailsOf = [Device.Disk], OpenHandles = true }).CheckDevices([Device.Disk]));

        var finding = Assert.Single(report, candidate => candidate.Id == FindingIds.DeviceHoldsMountedFileSystem);
        Assert.True(finding.IsUndetermined);
        Assert.Contains("cannot be read", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_PID_namespace_it_is_not_known_who_has_a_device_open()
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("apart");

        var (code, output, errors) = Shell.Try($"unshare --pid --fork --mount-proc {CommandLine.Program} plan {Device.Nic} --domain apart");

        Assert.True(code == 1, $"exit code {code}: {output}{errors}");
        Assert.Contains("[device.has-open-handles]", output, StringComparison.Ordinal);
        Assert.Contains("PID namespace", output, StringComparison.Ordinal);
        Assert.False(PassthroughHost.Local().Plan([Device.Nic], vm.Domain).IsRefused);
    }

    [Fact]
    public void A_directory_of_the_host_above_is_a_mounted_file_system_of_its_device()
    {
        var finding = Assert.Single(
            PassthroughHost.Local().Capture().CheckDevices([Share]), candidate => candidate.Id == FindingIds.DeviceHoldsMountedFileSystem);

        Assert.Contains("/out (9p on virtio", finding.Title, StringComparison.Ordinal);
        Assert.Contains("umount /out", finding.Remedy, StringComparison.Ordinal);
    }

    private static void Prepare(string name)
    {
        Assert.Contains($"| {name} |", File.ReadAllText(Repository.PathOf("docs/guards.md")), StringComparison.Ordinal);
        if (!Directory.Exists("/sys/kernel/config") || !Directory.Exists("/sys/module/vfio_pci"))
        {
            Shell.Run("modprobe -a vfio-pci configfs; mount -t configfs none /sys/kernel/config");
        }
    }

    private static AssignmentPlan PlanFor(LabDomain vm) => PassthroughHost.Local().Plan([Device.Disk], vm.Domain);

    // No guard of a disk says anything, not even that it cannot tell.
    private static void IsFree(AssignmentPlan plan)
    {
        Assert.False(plan.IsRefused, string.Join("; ", plan.Findings));
        Assert.DoesNotContain(plan.Findings, finding => finding.Id.StartsWith("device.holds", StringComparison.Ordinal) || finding.Id is FindingIds.DeviceDiskBusy or FindingIds.DeviceHasOpenHandles);
        Assert.NotEmpty(plan.Steps);
    }

    // The mounts, the swap areas and the block devices; the kernel leaves some loop devices behind.
    private static string Standing() => string.Join('\n',
    [
        File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/swaps"),
        .. Directory.GetFileSystemEntries("/sys/class/block").Select(Path.GetFileName).Where(name => !name!.StartsWith("loop", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        .. Directory.GetFileSystemEntries("/sys/class/block/nvme0n1/holders").Order(StringComparer.Ordinal),
    ]);
}
