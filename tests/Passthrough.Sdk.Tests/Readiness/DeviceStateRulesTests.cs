using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>What is the matter with a device itself: gone elsewhere, dead, held, one of two.</summary>
public sealed class DeviceStateRulesTests
{
    private const string Nic = "0000:01:00.0";
    private const string Other = "0000:02:00.0";

    [Fact]
    public void A_device_that_moved_is_found_where_it_stands_now()
    {
        using var host = Host().AddPciDevice(Other, vendor: 0x10de, device: 0x1b80, @class: 0x030000, iommuGroup: 10);
        var gpu = new PciIdentity(0x10de, 0x1b80);
        var finding = Assert.Single(Errors(host, Nic, gpu));
        Assert.Equal(FindingIds.DeviceMoved, finding.Id);
        Assert.Contains($"the device is now at {Other}", finding.Title, StringComparison.Ordinal);
        Assert.Equal($"use {Other} instead of {Nic}", finding.Remedy);
    }

    [Fact]
    public void A_device_that_moved_and_left_its_place_empty()
    {
        using var host = Host();
        var finding = Assert.Single(Errors(host, "0000:05:00.0", new PciIdentity(0x8086, 0x10d3)));
        Assert.Equal(FindingIds.DeviceMoved, finding.Id);
    }

    [Fact]
    public void A_device_that_is_nowhere_is_not_found_and_not_moved()
    {
        using var host = Host();
        Assert.Equal(FindingIds.DeviceNotFound, Assert.Single(Errors(host, "0000:05:00.0", new PciIdentity(0x10de, 0x1b80))).Id);
    }

    [Fact]
    public void A_device_in_its_place_is_fine_and_what_is_not_known_is_not_compared()
    {
        using var host = Host();
        Assert.Empty(Errors(host, Nic, new PciIdentity(0x8086, 0x10d3) { SubsystemVendorId = 0x8086, ClassCode = new PciClassCode(0x020000) }));
        Assert.Equal(FindingIds.DeviceMoved, Assert.Single(Errors(host, Nic, new PciIdentity(0x8086, 0x10d3) { ClassCode = new PciClassCode(0x030000) })).Id);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public void A_device_that_reads_as_all_ones_does_not_answer(int length)
    {
        using var host = Host(config: Enumerable.Repeat((byte)0xff, length).ToArray());
        Assert.Equal(FindingIds.DeviceUnresponsive, Assert.Single(Errors(host, Nic)).Id);
    }

    [Fact]
    public void A_header_type_of_127_is_no_header_type()
    {
        var config = new byte[64];
        (config[0], config[1], config[2], config[3], config[0x0e]) = (0x86, 0x80, 0xd3, 0x10, 0x7f);
        using var host = Host(config: config);
        Assert.Equal(FindingIds.DeviceUnresponsive, Assert.Single(Errors(host, Nic)).Id);
    }

    [Fact]
    public void A_device_whose_configuration_was_not_read_is_not_called_dead()
    {
        using var host = Host().Remove($"/sys/devices/pci0000:01/{Nic}/config");
        Assert.Empty(Errors(host, Nic));
    }

    [Theory]
    [InlineData("", null, FindingSeverity.Info)]
    [InlineData("vfio-pci.ids=8086:10d3", null, FindingSeverity.Warning)]
    [InlineData("vfio-pci.ids=8086:10d3:1af4:ffff", null, FindingSeverity.Info)]
    [InlineData("vfio_pci.ids=10de:1b80,8086:10D3", null, FindingSeverity.Warning)]
    [InlineData("vfio-pci.ids=10de:1b80", null, FindingSeverity.Info)]
    [InlineData("", "options vfio-pci ids=8086:10d3 disable_vga=1\n", FindingSeverity.Warning)]
    public void A_twin_matters_where_something_goes_by_ids(string commandLine, string? options, FindingSeverity severity)
    {
        using var host = Host().AddPciDevice(Other, vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 10).WriteFile("/proc/cmdline", commandLine + "\n");
        if (options is not null)
        {
            host.WriteFile("/etc/modprobe.d/vfio.conf", options);
        }

        var finding = Assert.Single(Check(host, Nic), finding => finding.Id == FindingIds.DeviceIdenticalTwin);
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(Other, finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void A_twin_that_was_taken_by_its_ids_comes_before_the_group_that_it_shares()
    {
        using var host = Host().AddPciDevice(Other, vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "vfio-pci", iommuGroup: 9).WriteFile("/proc/cmdline", "vfio-pci.ids=8086:10d3\n");
        var warnings = Check(host, Nic).Where(finding => finding.Severity == FindingSeverity.Warning).Select(finding => finding.Id);
        Assert.Equal([FindingIds.DeviceIdenticalTwin, FindingIds.GroupShared, FindingIds.VfioIdsTooLate], warnings);
    }

    [Fact]
    public void A_device_without_a_twin_is_not_spoken_of()
    {
        using var host = Host().WriteFile("/proc/cmdline", "vfio-pci.ids=8086:10d3\n");
        Assert.DoesNotContain(Check(host, Nic), finding => finding.Id == FindingIds.DeviceIdenticalTwin);
    }

    [Theory]
    [InlineData("", FindingSeverity.Warning)]
    [InlineData($"[ 5.0] vfio-pci: probe of {Nic} failed with error -22\n", FindingSeverity.Error)]
    public void A_device_that_is_reserved_for_vfio_pci_and_has_no_driver(string log, FindingSeverity severity)
    {
        using var host = Host(driver: null).WriteAttribute(Nic, "driver_override", "vfio-pci\n").WriteFile("/var/log/dmesg", log);
        Assert.Equal(severity, Assert.Single(Check(host, Nic), finding => finding.Id == FindingIds.DeviceDriverBindFailed).Severity);
    }

    [Theory]
    [InlineData("vfio-pci", "vfio-pci\n")]
    [InlineData("e1000e", "(null)\n")]
    [InlineData(null, "(null)\n")]
    public void A_device_whose_driver_took_it_or_that_nobody_reserved(string? driver, string reserved)
    {
        using var host = Host(driver: driver).WriteAttribute(Nic, "driver_override", reserved);
        Assert.DoesNotContain(Check(host, Nic), finding => finding.Id == FindingIds.DeviceDriverBindFailed);
    }

    [Theory]
    [InlineData("intel_iommu=on,igfx_off", FindingIds.IommuDisabledByKernelParameter)]
    [InlineData("intel_iommu=on", FindingIds.IommuInactive)]
    public void A_device_that_the_IOMMU_leaves_out_is_in_no_group(string commandLine, string id)
    {
        using var host = Host().AddPciDevice("0000:00:02.0", vendor: 0x8086, device: 0x3e92, @class: 0x030000, driver: "i915").WriteFile("/proc/cmdline", commandLine + "\n");
        Assert.Equal(id, Assert.Single(Errors(host, "0000:00:02.0")).Id);
        Assert.Empty(Errors(host, Nic));
    }

    [Fact]
    public void A_shared_group_is_told_and_folded_where_it_is_not_viable()
    {
        using var host = Host().AddPciDevice("0000:01:00.1", vendor: 0x8086, device: 0x1111, @class: 0x040300, driver: "snd_hda_intel", iommuGroup: 9);
        Assert.DoesNotContain(Check(host, Nic, "0000:01:00.1"), finding => finding.Id.StartsWith("group.", StringComparison.Ordinal));
        var error = Assert.Single(Errors(host, Nic));
        Assert.Equal((FindingIds.GroupNotViable, FindingIds.GroupShared), (error.Id, Assert.Single(error.Consequences).Id));
    }

    [Fact]
    public void A_group_of_two_with_the_other_unused_is_shared()
    {
        using var host = Host().AddPciDevice("0000:01:00.1", vendor: 0x8086, device: 0x1111, @class: 0x040300, iommuGroup: 9);
        var finding = Assert.Single(Check(host, Nic), finding => finding.Id == FindingIds.GroupShared);
        Assert.Contains("0000:01:00.1", finding.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("someone", "/dev/vfio/9", null, null, FindingSeverity.Error)]
    [InlineData("someone", "/dev/dri/card0", null, null, FindingSeverity.Error)]
    [InlineData("someone", "/dev/snd/controlC0", null, null, FindingSeverity.Error)]
    [InlineData("pulseaudio", "/dev/snd/controlC0", null, null, FindingSeverity.Warning)]
    [InlineData("wireplumber", "/run/jail/mixer", "controlC1", "sound", FindingSeverity.Warning)]
    [InlineData("pipewire", "/dev/snd/pcmC0D0p", "pcmC0D0p", "sound", FindingSeverity.Error)]
    [InlineData("systemd-logind", "/dev/input/event3", "event3", "input", FindingSeverity.Warning)]
    [InlineData("someone", "/dev/hidraw0", "hidraw0", "hidraw", FindingSeverity.Error)]
    [InlineData("qemu-system-x86", "/dev/dm-0", "dm-0", "block", FindingSeverity.Error)]
    [InlineData("smartd", "/dev/ng0n1", "ng0n1", "nvme-generic", FindingSeverity.Error)]
    [InlineData("agetty", "/dev/ttyS4", "ttyS4", "tty", FindingSeverity.Error)]
    public void An_open_node_counts_by_what_it_is_and_who_has_it(string command, string path, string? name, string? subsystem, FindingSeverity severity)
    {
        var finding = Assert.Single(Check(new DeviceHasOpenHandles(), new DeviceUsage
        {
            OpenHandles = Fact.Known(ValueList.Create(new OpenHandle(77, command, path) { DeviceName = name, Subsystem = subsystem }), "/proc/*/fd"),
        }));
        Assert.Equal((FindingIds.DeviceHasOpenHandles, severity), (finding.Id, finding.Severity));
        Assert.Contains($"{command} (77) has {path} open", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void The_look_that_udev_takes_at_a_device_does_not_count_and_an_error_beside_a_warning_is_an_error()
    {
        OpenHandle udev = new(5, "(udev-worker)", "/dev/nvme0n1"), server = new(6, "pulseaudio", "/dev/snd/controlC0"), player = new(7, "aplay", "/dev/snd/pcmC0D0p");
        Assert.Empty(Check(new DeviceHasOpenHandles(), new DeviceUsage { OpenHandles = Fact.Known(ValueList.Create(udev), "/proc/*/fd") }));
        var finding = Assert.Single(Check(new DeviceHasOpenHandles(), new DeviceUsage { OpenHandles = Fact.Known(ValueList.Create(udev, server, player), "/proc/*/fd") }));
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains("aplay (7)", finding.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("pulseaudio", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_nodes_are_unknown_for_whom_other_processes_are_closed_and_silent_where_nobody_looked()
    {
        var closed = Fact.Unknown<ValueList<OpenHandle>>("/proc/*/fd", "12 processes cannot be read");
        Assert.True(Assert.Single(Check(new DeviceHasOpenHandles(), new DeviceUsage { OpenHandles = closed })).IsUndetermined);
        Assert.Empty(Check(new DeviceHasOpenHandles(), new DeviceUsage { OpenHandles = Fact.Unknown<ValueList<OpenHandle>>("/proc/*/fd", UsageReader.NotAskedFor) }));
        Assert.Empty(Check(new DeviceHasOpenHandles(), new DeviceUsage { OpenHandles = Fact.Known(ValueList.Create<OpenHandle>(), "/proc/*/fd") }));
    }

    [Theory]
    [InlineData("amdgpu", FindingSeverity.Error)]
    [InlineData(null, FindingSeverity.Error)]
    [InlineData("vfio-pci", FindingSeverity.Warning)] // its screen is dark already
    public void The_boot_display_refuses_until_it_is_accepted(string? driver, FindingSeverity severity)
    {
        using var host = FakeHost.Create()
            .AddPciDevice(Nic, vendor: 0x1002, device: 0x73bf, @class: 0x030000, driver: driver, iommuGroup: 9)
            .WriteAttribute(Nic, "boot_vga", "1\n");
        var address = PciAddress.Parse(Nic);
        var snapshot = PassthroughHost.At(host.Root).Capture(new CaptureOptions { DetailsOf = [address] });
        var finding = Assert.Single(snapshot.CheckDevices([address]), finding => finding.Id == FindingIds.DeviceIsBootDisplay);

        Assert.Equal(severity, finding.Severity);
        Assert.Equal(severity == FindingSeverity.Error, PlanGuards.Refuses(finding, []));
        Assert.False(PlanGuards.Refuses(finding, [FindingIds.DeviceIsBootDisplay]));
    }

    [Theory]
    [InlineData("5.15.0-91-generic", FindingSeverity.Error)]
    [InlineData("6.1.0-13-amd64", FindingSeverity.Warning)]
    [InlineData("unheard of", FindingSeverity.Warning)]
    public void The_firmwares_frame_buffer_is_kept_by_old_kernels(string release, FindingSeverity severity)
    {
        var finding = Assert.Single(Check(
            new DeviceIsConsole(), new DeviceUsage { BootFramebuffers = Fact.Known(ValueList.Create("BOOTFB"), "/proc/iomem") }, release));
        Assert.Equal((FindingIds.DeviceIsConsoleFramebuffer, severity), (finding.Id, finding.Severity));
    }

    [Fact]
    public void A_console_on_the_devices_own_frame_buffer_is_a_warning_and_none_is_silent()
    {
        var buffers = Fact.Known(ValueList.Create("fb0"), "/sys/class/graphics");
        var none = Fact.Known(ValueList.Create<string>(), "/proc/iomem");
        Assert.Equal(FindingSeverity.Warning, Assert.Single(Check(
            new DeviceIsConsole(), new DeviceUsage { BootFramebuffers = none, Framebuffers = buffers, IsConsole = Fact.Known(true, "/sys/class/vtconsole/vtcon1/bind") })).Severity);
        Assert.Empty(Check(new DeviceIsConsole(), new DeviceUsage { BootFramebuffers = none, Framebuffers = buffers, IsConsole = Fact.Known(false, "/sys/class/vtconsole") }));
    }

    [Theory]
    [InlineData("40000000-bfffffff : PCI Bus 0000:00\n  40000000-4fffffff : 0000:01:00.0\n    40000000-407e8fff : BOOTFB\n      40000000-407e8fff : simple-framebuffer\n", "BOOTFB simple-framebuffer")]
    [InlineData("00000000-00000000 : PCI Bus 0000:00\n  00000000-00000000 : PCI Bus 0000:01\n    00000000-00000000 : 0000:01:00.0\n      00000000-00000000 : efifb\n", "efifb")]
    [InlineData("40000000-407e8fff : BOOTFB\n  40000000-400fffff : 0000:01:00.0\n", "BOOTFB")]
    [InlineData("40000000-4fffffff : 0000:01:00.0\n40001000-407e8fff : BOOTFB\n", "BOOTFB")]
    [InlineData("40000000-4fffffff : 0000:01:00.0\n  40000000-407e8fff : e1000e\n", "")]
    [InlineData("nonsense\n-:\n : \n", "")]
    public void The_memory_map_says_whose_memory_the_boot_frame_buffer_holds(string map, string names)
    {
        var files = new MemorySysfs().Add("/proc/iomem", map);
        var held = UsageReader.Read(files, false)[PciAddress.Parse(Nic)].BootFramebuffers;
        Assert.Equal(names, string.Join(' ', held.Value));
        Assert.True(UsageReader.Read(new MemorySysfs().Add("/proc/iomem", map).Deny("/proc/iomem"), false)[PciAddress.Parse(Nic)].BootFramebuffers.IsUnknown);
        Assert.True(UsageReader.Read(new MemorySysfs(), false)[PciAddress.Parse(Nic)].BootFramebuffers.IsUnknown);
    }

    private static FakeHost Host(byte[]? config = null, string? driver = "e1000e") => FakeHost.Create()
        .AddPciDevice(Nic, vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: driver, iommuGroup: 9, config: config)
        .WriteFile("/proc/sys/kernel/osrelease", "6.1.0-test\n")
        .WriteFile("/proc/modules", "vfio_pci 16384 0 - Live 0x0000000000000000\n")
        .WriteFile("/dev/vfio/vfio", "")
        .AddDirectory("/sys/class/misc").AddDirectory("/sys/class/net").AddDirectory("/sys/class/block");

    private static ReadinessReport Check(FakeHost host, params string[] addresses) => Capture(host, addresses).CheckDevices([.. addresses.Select(PciAddress.Parse)]);

    private static List<Finding> Errors(FakeHost host, string address, PciIdentity? expected = null) =>
    [
        .. Capture(host, address)
            .CheckDevices(
                [PciAddress.Parse(address)],
                expected: expected is null ? null : new Dictionary<PciAddress, PciIdentity> { [PciAddress.Parse(address)] = expected })
            .Where(finding => finding.Severity == FindingSeverity.Error),
    ];

    private static HostSnapshot Capture(FakeHost host, params string[] addresses) =>
        PassthroughHost.At(host.Root).Capture(new CaptureOptions { DetailsOf = [.. addresses.Select(PciAddress.Parse)] });

    private static List<Finding> Check(IReadinessRule rule, DeviceUsage usage, string release = "6.1.0")
    {
        using var host = Host();
        var address = PciAddress.Parse(Nic);
        var snapshot = PassthroughHost.At(host.Root).Capture();
        var changed = new HostSnapshot(default, "/", snapshot.Devices, snapshot.IommuGroups, [])
        {
            System = new HostSystem
            {
                Kernel = new() { Release = Fact.Known(release, "/proc/sys/kernel/osrelease") },
                Usage = new HostUsage(ImmutableDictionary<PciAddress, DeviceUsage>.Empty.Add(address, usage), new DeviceUsage()),
            },
        };
        return [.. rule.Check(new ReadinessContext(changed, GuestKind.Qemu) { Addresses = [address] })];
    }
}
