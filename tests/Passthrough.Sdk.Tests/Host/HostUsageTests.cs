using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Host;

public sealed class HostUsageTests
{
    private const string Nic = "0000:01:00.0";
    private const string Disk = "0000:02:00.0";
    private const string Gpu = "0000:03:00.0";
    private static readonly string NicPath = $"/sys/devices/pci0000:00/0000:00:1c.0/{Nic}";
    private static readonly string DiskPath = $"/sys/devices/pci0000:00/0000:00:1d.0/{Disk}";
    private static readonly string GpuPath = $"/sys/devices/pci0000:00/0000:00:1e.0/{Gpu}";

    private static MemorySysfs WithNic() => new MemorySysfs()
        .AddDirectory("/sys/class/misc")
        .AddLink("/sys/class/net/eth0", $"../../devices/pci0000:00/0000:00:1c.0/{Nic}/net/eth0")
        .Add("/sys/class/net/eth0/address", "52:54:00:11:22:33\n")
        .Add("/sys/class/net/eth0/operstate", "up\n")
        .Add("/sys/class/net/eth0/flags", "0x1003\n")
        .AddLink("/sys/class/net/lo", "../../devices/virtual/net/lo")
        .AddLink("/sys/class/net/br0", "../../devices/virtual/net/br0")
        .Add("/proc/net/route", "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n")
        .Add("/proc/net/ipv6_route", "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n")
        .Add("/proc/net/fib_trie", "Main:\n  +-- 127.0.0.0/8 2 0 2\n        |-- 127.0.0.1\n           /32 host LOCAL\n")
        .Add("/proc/net/if_inet6", "00000000000000000000000000000001 01 80 10 80       lo\nfe80000000000000505400fffe112233 02 40 20 80     eth0\n");

    private static NetworkInterface Eth0(MemorySysfs files) =>
        Assert.Single(UsageReader.Read(files, false)[PciAddress.Parse(Nic)].NetworkInterfaces.Value);

    [Fact]
    public void A_link_local_address_alone_is_no_use()
    {
        var eth0 = Eth0(WithNic());
        Assert.Equal(("52:54:00:11:22:33", "up", true), (eth0.HardwareAddress.Value, eth0.OperationalState.Value, eth0.IsEnabled.Value));
        Assert.Equal("fe80::5054:ff:fe11:2233/64 on eth0", Assert.Single(eth0.Addresses.Value).ToString());
        Assert.True(eth0.Master.IsAbsent);
        Assert.True(eth0.IsInUse is { IsKnown: true, Value: false });
    }

    [Fact]
    public void An_address_is_given_to_the_interface_of_its_network()
    {
        var eth0 = Eth0(WithNic()
            .Add("/proc/net/route", "Iface\n" + Route("eth0", "000200C0", "00000000", "00FFFFFF") + Route("br0", "0000000A", "00000000", "000000FF"))
            .Add("/proc/net/fib_trie", "|-- 192.0.2.7\n/32 host LOCAL\n|-- 192.0.2.255\n/32 link BROADCAST\n|-- 10.1.2.3\n/32 host LOCAL\n"));
        Assert.Contains(eth0.Addresses.Value, a => a is { Interface: "eth0", Address: "192.0.2.7", PrefixLength: 24 });
        Assert.DoesNotContain(eth0.Addresses.Value, a => a.Address.StartsWith("10.", StringComparison.Ordinal));
        Assert.False(eth0.HasDefaultRoute.Value);
        Assert.True(eth0.IsInUse.Value);
    }

    [Fact]
    public void What_a_bridge_or_vlan_on_it_has_is_its_own()
    {
        var eth0 = Eth0(WithNic()
            .AddLink("/sys/class/net/eth0/upper_bond0", "../bond0").AddLink("/sys/class/net/eth0/master", "../bond0")
            .AddLink("/sys/class/net/bond0/upper_bond0.5", "../bond0.5").AddLink("/sys/class/net/bond0.5/upper_br0", "../br0")
            .AddLink("/sys/class/net/br0/upper_bond0", "../bond0")
            .Add("/proc/net/route", "Iface\n" + Route("br0", "00000000", "010200C0", "00000000") + Route("br0", "000200C0", "00000000", "00FFFFFF"))
            .Add("/proc/net/fib_trie", "|-- 192.0.2.7\n/32 host LOCAL\n"));
        Assert.Equal(["bond0", "bond0.5", "br0"], eth0.Uppers.Order(StringComparer.Ordinal));
        Assert.Equal("bond0", eth0.Master.Value);
        Assert.True(eth0.HasDefaultRoute.Value);
        Assert.Contains(eth0.Addresses.Value, a => a.ToString() == "192.0.2.7/24 on br0");
    }

    [Fact]
    public void An_ipv6_default_route_counts_and_unreadable_routes_are_unknown()
    {
        const string Route6 = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n";
        Assert.True(Eth0(WithNic().Add("/proc/net/ipv6_route", Route6)).HasDefaultRoute.Value);
        Assert.True(Eth0(WithNic().Deny("/proc/net")).HasDefaultRoute.IsUnknown);
        Assert.True(Eth0(WithNic().Deny("/proc/net")).IsInUse.IsUnknown);
    }

    private static MemorySysfs WithDisk() => new MemorySysfs()
        .AddLink("/sys/class/block/nvme0c0n1", $"../../devices/pci0000:00/0000:00:1d.0/{Disk}/nvme/nvme0/nvme0c0n1")
        .AddLink("/sys/class/block/nvme0n1", "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1")
        .Add("/sys/class/block/nvme0n1/dev", "259:0\n").Add("/sys/class/block/nvme0n1/size", "131072\n")
        .AddLink("/sys/class/block/nvme0n1p1", "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/nvme0n1p1").Add("/sys/class/block/nvme0n1p1/dev", "259:1\n")
        .AddLink("/sys/class/block/nvme0n1p2", "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/nvme0n1p2").Add("/sys/class/block/nvme0n1p2/dev", "259:2\n")
        .AddLink("/sys/class/block/dm-0", "../../devices/virtual/block/dm-0").Add("/sys/class/block/dm-0/dev", "253:0\n")
        .Add("/sys/class/block/dm-0/dm/name", "vg-root\n").AddLink("/sys/class/block/dm-0/slaves/nvme0n1p2", "../nvme0n1p2")
        .AddLink("/sys/class/block/sda", "../../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda").Add("/sys/class/block/sda/dev", "8:0\n")
        .AddLink("/sys/class/nvme/nvme0", $"../../devices/pci0000:00/0000:00:1d.0/{Disk}/nvme/nvme0")
        .Add("/proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n")
        .Add("/proc/self/mountinfo", "22 29 0:20 / /proc rw - proc proc rw\n");

    private static BlockDevice Nvme(MemorySysfs files) => Assert.Single(UsageReader.Read(files, false)[PciAddress.Parse(Disk)].BlockDevices.Value);

    [Fact]
    public void A_disk_is_found_behind_its_nvme_path_with_all_that_stands_on_it()
    {
        var disk = Nvme(WithDisk());
        Assert.Equal(("nvme0n1", 131072L * 512), (disk.Name, disk.Size.Value));
        Assert.Equal(["nvme0n1p1", "nvme0n1p2"], disk.Partitions.Order(StringComparer.Ordinal));
        Assert.Equal(["dm-0"], disk.Holders);
        Assert.True(disk.Mounts is { IsKnown: true, Value.IsEmpty: true });
        Assert.True(disk.Swaps is { IsKnown: true, Value.IsEmpty: true });
        Assert.Equal(["nvme0"], UsageReader.Read(WithDisk(), false)[PciAddress.Parse(Disk)].NvmeControllers.Value);
        Assert.Equal("sda", Assert.Single(UsageReader.Read(WithDisk(), false)[PciAddress.Parse("00:1f.2")].BlockDevices.Value).Name);
    }

    [Fact]
    public void Mounts_are_found_by_number_by_name_and_through_a_mapping()
    {
        var disk = Nvme(WithDisk().Add(
            "/proc/self/mountinfo",
            "29 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n30 29 0:40 / /srv/a\\040b rw - btrfs /dev/nvme0n1p1 rw\n31 29 8:0 / /data rw - ext4 /dev/sda rw\n32 29 0:41 / /run/t rw - tmpfs /dev/nvme0n1p1 rw\n"));
        Assert.Equal(["/ (ext4 on dm-0)", "/srv/a b (btrfs on nvme0n1p1)"], disk.Mounts.Value.Select(m => m.ToString()));
    }

    [Fact]
    public void A_mount_that_only_init_has_counts_too()
    {
        var disk = Nvme(WithDisk().Add("/proc/1/mountinfo", "29 1 259:1 / /boot rw - vfat /dev/nvme0n1p1 rw\n"));
        Assert.Equal("/boot", Assert.Single(disk.Mounts.Value).MountPoint);
        Assert.True(Nvme(WithDisk().Deny("/proc/self/mountinfo").Deny("/proc/1/mountinfo")).Mounts.IsUnknown);
    }

    [Fact]
    public void A_member_of_a_btrfs_that_is_mounted_from_another_disk_is_in_use() =>
        Assert.Equal("/data", Assert.Single(Nvme(WithDisk()
            .AddLink("/sys/fs/btrfs/1234/devices/sda", "../sda").AddLink("/sys/fs/btrfs/1234/devices/nvme0n1", "../nvme0n1")
            .Add("/proc/self/mountinfo", "30 29 0:40 / /data rw - btrfs /dev/sda rw\n")).Mounts.Value).MountPoint);

    [Fact]
    public void Swap_is_found_on_a_partition_and_in_a_file()
    {
        Assert.Equal(["/dev/nvme0n1p1"], Nvme(WithDisk().Add("/proc/swaps", "Filename\n/dev/nvme0n1p1 partition 1 0 -2\n")).Swaps.Value);
        var byFile = Nvme(WithDisk()
            .Add("/proc/self/mountinfo", "29 1 8:0 / / rw - ext4 /dev/sda rw\n30 29 259:1 / /big rw - ext4 /dev/nvme0n1p1 rw\n")
            .Add("/proc/swaps", "Filename\n/big/swap\\040file file 1 0 -2\n/bigger file 1 0 -3\n"));
        Assert.Equal(["/big/swap file"], byFile.Swaps.Value);
    }

    [Fact]
    public void Displays_sound_usb_and_the_console_belong_to_their_functions()
    {
        var files = new MemorySysfs()
            .AddLink("/sys/class/drm/card0", $"../..{GpuPath[4..]}/drm/card0").AddLink("/sys/class/drm/card0-HDMI-A-1", $"../..{GpuPath[4..]}/drm/card0/card0-HDMI-A-1")
            .Add("/sys/class/drm/version", "drm 1.1.0\n")
            .AddLink("/sys/class/graphics/fb0", "../../devices/platform/efi-framebuffer.0/graphics/fb0").AddLink("/sys/class/graphics/fbcon", "../../devices/virtual/graphics/fbcon")
            .Add("/sys/bus/pci/devices/0000:03:00.0/boot_vga", "1\n").Add("/sys/bus/pci/devices/0000:01:00.0/boot_vga", "0\n")
            .Add("/sys/class/vtconsole/vtcon0/name", "(S) dummy device\n").Add("/sys/class/vtconsole/vtcon0/bind", "0\n")
            .Add("/sys/class/vtconsole/vtcon1/name", "(M) frame buffer device\n").Add("/sys/class/vtconsole/vtcon1/bind", "1\n")
            .AddLink("/sys/class/sound/card1", $"../..{NicPath[4..]}/sound/card1").AddLink("/sys/class/sound/controlC1", $"../..{NicPath[4..]}/sound/card1/controlC1")
            .AddLink("/sys/bus/usb/devices/usb2", $"../../..{NicPath[4..]}/usb2").AddLink("/sys/bus/usb/devices/2-1", $"../../..{NicPath[4..]}/usb2/2-1");
        var usage = UsageReader.Read(files, false);
        var gpu = usage[PciAddress.Parse(Gpu)];
        Assert.Equal(["card0"], gpu.DrmNodes.Value);
        Assert.Equal(["fb0"], gpu.Framebuffers.Value);
        Assert.True(gpu.IsConsole.Value);
        var other = usage[PciAddress.Parse(Nic)];
        Assert.Equal(["card1"], other.SoundCards.Value);
        Assert.Equal(["usb2"], other.UsbBuses.Value);
        Assert.True(other.IsConsole is { IsKnown: true, Value: false });
        Assert.Equal([PciAddress.Parse(Nic), PciAddress.Parse(Gpu)], usage.Addresses);
        Assert.True(gpu.OpenHandles.IsUnknown);
    }

    private static MemorySysfs WithHandles() => new MemorySysfs()
        .AddLink("/sys/dev/char/226:0", $"../..{GpuPath[4..]}/drm/card0").AddNode("/proc/100/fd/7", number: "226:0")
        .Add("/dev/vfio/9", "").Add("/dev/vfio/vfio", "").AddLink($"/sys/kernel/iommu_groups/9/devices/{Nic}", "x")
        .Add("/proc/driver/nvidia/gpus/0000:02:00.0/information", "Model: \t T4\nDevice Minor: \t 3\n")
        .AddLink("/proc/100/fd/0", "/dev/null").AddLink("/proc/100/fd/7", "/dev/dri/card0").Add("/proc/100/comm", "Xorg\n")
        .AddLink("/proc/200/fd/3", "/dev/vfio/9").AddLink("/proc/200/fd/4", "/dev/vfio/vfio").Add("/proc/200/comm", "qemu-system-x86\n")
        .AddLink("/proc/300/fd/3", "/dev/nvidia3").AddLink("/proc/300/fd/4", $"{GpuPath}/resource0").AddLink("/proc/300/fd/5", $"{GpuPath}/vendor")
        .AddDirectory("/sys/class/misc");

    [Fact]
    public void Open_handles_are_found_by_node_by_group_and_by_mapped_registers()
    {
        var usage = UsageReader.Read(WithHandles(), true);
        Assert.Equal(
            [new OpenHandle(100, "Xorg", "/dev/dri/card0") { DeviceName = "card0" }, new OpenHandle(300, null, $"{GpuPath}/resource0")],
            usage[PciAddress.Parse(Gpu)].OpenHandles.Value);
        Assert.Equal("qemu-system-x86 (200) has /dev/vfio/9 open", Assert.Single(usage[PciAddress.Parse(Nic)].OpenHandles.Value).ToString());
        Assert.Equal("/dev/nvidia3", Assert.Single(usage[PciAddress.Parse(Disk)].OpenHandles.Value).Path);
        Assert.True(usage[PciAddress.Parse("0000:09:00.0")].OpenHandles is { IsKnown: true, Value.IsEmpty: true });
    }

    [Fact]
    public void An_open_disk_volume_or_partition_is_open_on_every_function_below_it()
    {
        var usage = UsageReader.Read(
            WithDisk()
                .AddLink("/sys/class/block/dm-0/slaves/sda", "../sda")
                .AddNode("/proc/500/fd/3", number: "259:0", kind: FileKind.BlockDevice).AddLink("/proc/500/fd/3", "/dev/nvme0n1").Add("/proc/500/comm", "dd\n")
                .AddNode("/proc/600/fd/3", number: "253:0", kind: FileKind.BlockDevice).AddLink("/proc/600/fd/3", "/dev/dm-0").Add("/proc/600/comm", "qemu\n"),
            true);
        Assert.Equal(["dd (500) has /dev/nvme0n1 open", "qemu (600) has /dev/dm-0 open"], usage[PciAddress.Parse(Disk)].OpenHandles.Value.Select(h => h.ToString()));
        Assert.Equal("qemu (600) has /dev/dm-0 open", Assert.Single(usage[PciAddress.Parse("00:1f.2")].OpenHandles.Value).ToString());
        Assert.Empty(usage.OrphanedHandles.Value);
    }

    [Fact]
    public void A_node_that_is_open_and_that_no_device_has_any_more_is_an_orphan()
    {
        var files = WithHandles()
            .AddNode("/proc/400/fd/3", number: "116:4").AddLink("/proc/400/fd/3", "/dev/snd/controlC0 (deleted)").Add("/proc/400/comm", "pulseaudio\n")
            .AddNode("/proc/400/fd/4", number: "5:1").AddLink("/proc/400/fd/4", "/dev/console (deleted)").AddLink("/sys/dev/char/5:1", "../../devices/virtual/tty/console")
            .AddNode("/proc/400/fd/5", number: "136:2").AddLink("/proc/400/fd/5", "/dev/pts/2 (deleted)")
            .AddLink("/proc/400/fd/6", "/dev/shm/pulse (deleted)");

        var usage = UsageReader.Read(files, true);

        Assert.Equal(new OpenHandle(400, "pulseaudio", "/dev/snd/controlC0 (deleted)"), Assert.Single(usage.OrphanedHandles.Value));
        Assert.True(UsageReader.Read(WithHandles(), true).OrphanedHandles is { IsKnown: true, Value.IsEmpty: true });
        Assert.True(UsageReader.Read(files, false).OrphanedHandles.IsUnknown);
    }

    [Fact]
    public void No_handle_found_while_processes_are_hidden_is_unknown()
    {
        var usage = UsageReader.Read(WithHandles().Deny("/proc/200/fd"), true);
        Assert.True(usage[PciAddress.Parse(Nic)].OpenHandles.IsUnknown);
        Assert.Equal("1 processes cannot be read", usage[PciAddress.Parse(Nic)].OpenHandles.Reason);
        Assert.True(usage[PciAddress.Parse(Gpu)].OpenHandles.IsKnown);
        Assert.True(usage.OrphanedHandles.IsUnknown);
    }

    [Fact]
    public void A_class_that_the_kernel_lacks_is_empty_and_a_root_without_classes_says_nothing()
    {
        var nothing = UsageReader.Read(new MemorySysfs().AddDirectory("/sys/class/misc"), false)[PciAddress.Parse(Nic)];
        Assert.True(nothing.NetworkInterfaces is { IsKnown: true, Value.IsEmpty: true });
        Assert.True(nothing.BlockDevices is { IsKnown: true, Value.IsEmpty: true });
        Assert.True(UsageReader.Read(new MemorySysfs(), false)[PciAddress.Parse(Nic)].NetworkInterfaces.IsUnknown);
        Assert.True(UsageReader.Read(WithDisk().Deny("/sys/class/block"), false)[PciAddress.Parse(Disk)].BlockDevices.IsUnknown);
        Assert.True(new HostUsage()[PciAddress.Parse(Nic)].NetworkInterfaces.IsUnknown);
    }

    [Theory]
    [InlineData("nvme0c0n1", "nvme0n1")]
    [InlineData("nvme12c3n4", "nvme12n4")]
    [InlineData("nvme0n1", null)]
    [InlineData("nvmec0n1", null)]
    [InlineData("cciss", null)]
    public void An_nvme_path_names_its_disk(string path, string? disk) => Assert.Equal(disk, BlockGraph.NvmeHead(path));

    [Theory]
    [InlineData("../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0/net/eth0", "0000:01:00.0")]
    [InlineData("../../devices/pci10000:e0/10000:e0:17.0/10000:e2:00.0/nvme/nvme1", "10000:e2:00.0")]
    [InlineData("../../devices/virtual/net/lo", null)]
    [InlineData("", null)]
    public void The_last_function_on_the_way_owns_a_device(string path, string? owner) => Assert.Equal(owner, ClassLinks.OwnerOf(path)?.ToString());

    private static string Route(string name, string destination, string gateway, string mask) =>
        $"{name}\t{destination}\t{gateway}\t0001\t0\t0\t0\t{mask}\t0\t0\t0\n";
}
