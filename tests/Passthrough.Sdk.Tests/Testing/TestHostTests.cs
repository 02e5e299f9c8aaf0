using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing;

/// <summary>A host that is described is healthy and known, except for what the description breaks.</summary>
public sealed class TestHostTests
{
    public static TheoryData<string> Machines => ["Intel", "Amd", "Arm", "XenDom0"];

    [Theory]
    [MemberData(nameof(Machines))]
    public void A_healthy_host_is_ready_and_so_is_each_of_its_devices(string machine)
    {
        using var host = Of(machine).WithNic("01:00.0").WithGpu("0000:02:00.0").WithDisk("0000:03:00.0").WithSoundCard("0000:00:1b.0").WithUsbController("0000:04:00.0");

        var report = host.CheckReadiness();
        Assert.True(report.IsReady, string.Join("; ", report));
        Assert.DoesNotContain(report, finding => finding.IsUndetermined);
        foreach (var address in new[] { "0000:01:00.0", "0000:02:00.0", "0000:03:00.0", "0000:00:1b.0", "0000:04:00.0" })
        {
            var device = host.Capture().CheckDevices(address == "0000:02:00.0" ? [PciAddress.Parse(address), PciAddress.Parse("0000:02:00.1")] : [PciAddress.Parse(address)], machine == "XenDom0" ? GuestKind.XenHvm : GuestKind.Qemu);
            Assert.True(device.IsReady, $"{address}: {string.Join("; ", device)}");
            Assert.DoesNotContain(device, finding => finding.IsUndetermined);
        }
    }

    [Theory]
    [InlineData("Intel", FindingIds.IommuNotEnabledByKernel)]
    [InlineData("Amd", FindingIds.IommuDisabledByKernelParameter)]
    [InlineData("Arm", FindingIds.IommuFirmwareTableMissing)]
    [InlineData("XenDom0", FindingIds.XenNoDirectIo)]
    public void Without_its_IOMMU_the_cause_is_named(string machine, string id)
    {
        using var host = Of(machine).WithNic("0000:01:00.0").WithoutIommu();

        Assert.Equal(id, host.CheckReadiness()[0].Id);
        Assert.False(host.CheckReadiness().IsReady);
        Assert.Empty(host.Capture().IommuGroups);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Without_a_table_no_machine_has_an_IOMMU(string machine)
    {
        using var host = Of(machine).WithNic("0000:01:00.0").WithoutIommuTable();

        Assert.Equal(machine == "XenDom0" ? FindingIds.XenNoDirectIo : FindingIds.IommuFirmwareTableMissing, host.CheckReadiness()[0].Id);
        Assert.DoesNotContain(host.CheckReadiness().SelectMany(finding => finding.Consequences.Prepend(finding)), finding => finding.Id == FindingIds.IommuDisabledByKernelParameter);
    }

    [Theory]
    [InlineData("Intel", FindingIds.VfioModuleNotLoaded)]
    [InlineData("Arm", FindingIds.VfioModuleNotLoaded)]
    [InlineData("XenDom0", FindingIds.XenPcibackMissing)]
    public void Without_the_driver_for_guests_it_is_named(string machine, string id)
    {
        using var host = Of(machine).WithNic("0000:01:00.0").WithoutVfio();

        Assert.Contains(host.CheckReadiness(), finding => finding.Id == id && finding.Severity == FindingSeverity.Error);
    }

    [Fact]
    public void Without_interrupt_remapping_it_is_missing()
    {
        using var host = TestHost.Intel().WithNic("0000:01:00.0").WithoutInterruptRemapping();

        Assert.Contains(host.CheckReadiness(), finding => finding.Id == FindingIds.InterruptRemappingMissing && !finding.IsUndetermined);
    }

    [Fact]
    public void A_mounted_disk_a_NIC_in_use_and_the_boot_display_stay_with_the_host()
    {
        using var host = TestHost.Intel()
            .WithMountedDisk("0000:01:00.0", "/srv").WithMountedDisk("0000:02:00.0", "/home")
            .WithNic("0000:03:00.0").WithIpAddress("192.0.2.10/24")
            .WithGpu("0000:04:00.0").AsBootDisplay();

        var disk = Assert.Single(host.CheckDevice("0000:02:00.0"), finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(FindingIds.DeviceHoldsMountedFileSystem, disk.Id);
        Assert.Contains("/home", disk.Title, StringComparison.Ordinal);
        Assert.Equal(FindingIds.DeviceHoldsActiveNetworkInterface, Assert.Single(host.CheckDevice("0000:03:00.0"), finding => finding.Severity == FindingSeverity.Error).Id);
        Assert.Contains(host.CheckDevice("0000:04:00.0"), finding => finding.Id == FindingIds.DeviceIsBootDisplay);
    }

    [Fact]
    public void Groups_are_as_described()
    {
        using var host = TestHost.Intel()
            .WithNic("0000:01:00.0").InGroup(14)
            .WithNic("0000:05:01.0").BehindBridge("0000:00:1e.0")
            .WithSoundCard("0000:05:02.0").BehindBridge("0000:00:1e.0").OnNumaNode(1)
            .WithNic("0000:06:00.0").BoundTo("vfio-pci");

        var devices = host.Capture().Devices;
        Assert.Equal(14, devices[PciAddress.Parse("0000:01:00.0")].IommuGroupId);
        Assert.Equal(devices[PciAddress.Parse("0000:05:01.0")].IommuGroupId, devices[PciAddress.Parse("0000:05:02.0")].IommuGroupId);
        Assert.Equal((1, "vfio-pci"), (devices[PciAddress.Parse("0000:05:02.0")].NumaNode, devices[PciAddress.Parse("0000:06:00.0")].Driver));
        Assert.Contains(host.CheckDevice("0000:05:01.0"), finding => finding.Id == FindingIds.GroupNotViable);
    }

    [Fact]
    public void Functions_of_a_slot_share_a_group_unless_they_have_their_own()
    {
        using var host = TestHost.Intel()
            .WithNic("0000:01:00.0").WithNic("0000:01:00.1").InGroup(6)
            .WithNic("0000:02:00.0").InGroup(7).WithNic("0000:02:00.1").InGroup(8)
            .WithNic("0000:03:00.0").WithNic("0000:03:00.1")
            .WithSoundCard("0000:00:10.0").WithNic("0001:01:00.0");

        var devices = host.Capture().Devices;
        int? Group(string address) => devices[PciAddress.Parse(address)].IommuGroupId;
        Assert.Equal((6, 6, 7, 8), (Group("0000:01:00.0"), Group("0000:01:00.1"), Group("0000:02:00.0"), Group("0000:02:00.1")));
        Assert.Equal(Group("0000:03:00.0"), Group("0000:03:00.1"));
        Assert.NotEqual(Group("0000:01:00.0"), Group("0000:03:00.0"));
        Assert.Equal("/sys/devices/pci0001:00/0001:00:10.0/0001:01:00.0", host.Files.DevicePath("0001:01:00.0"));
        Assert.True(Directory.Exists(host.Files.PathOf("/sys/class/net/enP1p1s0")) && Directory.Exists(host.Files.PathOf("/sys/class/net/enp1s0")));
        Assert.True(host.CheckDevice("0001:01:00.0").IsReady, string.Join("; ", host.CheckDevice("0001:01:00.0")));
    }

    [Theory]
    [InlineData("vfio-pci")]
    [InlineData(null)]
    public async Task A_card_that_is_taken_from_its_driver_returns_to_it(string? driver)
    {
        using var host = TestHost.Intel().WithNic("0000:01:00.0").BoundTo(driver).WithDisk("0000:02:00.0").BoundTo(driver);
        var nic = PciAddress.Parse("0000:01:00.0");
        Assert.Equal((driver, false), (host.Files.DriverOf("0000:01:00.0"), Directory.Exists(host.Files.PathOf("/sys/class/net/enp1s0"))));
        Assert.False(Path.Exists(host.Files.PathOf("/sys/class/block/nvme0n1")));
        Assert.DoesNotContain(host.CheckDevice("0000:01:00.0"), finding => finding.IsUndetermined);

        foreach (var plan in driver is null ? new[] { host.Open().PlanBind([nic], "e1000e"), host.Open().PlanBind([PciAddress.Parse("0000:02:00.0")], "nvme") } : [host.Open().PlanUnbind([nic, PciAddress.Parse("0000:02:00.0")])])
        {
            await plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal(("e1000e", "nvme"), (host.Files.DriverOf("0000:01:00.0"), host.Files.DriverOf("0000:02:00.0")));
        Assert.True(Directory.Exists(host.Files.PathOf("/sys/class/net/enp1s0")) && Path.Exists(host.Files.PathOf("/sys/class/block/nvme0n1")));
    }

    [Fact]
    public void Another_driver_of_the_host_leaves_the_card_known()
    {
        using var host = TestHost.Amd().WithNic("0000:01:00.0").BoundTo("igb").WithGpu("0000:02:00.0").BoundTo("nvidia").WithMountedDisk("0000:03:00.0", "/a place");

        Assert.Equal(("igb", "nvidia", "snd_hda_intel"), (host.Files.DriverOf("0000:01:00.0"), host.Files.DriverOf("0000:02:00.0"), host.Files.DriverOf("0000:02:00.1")));
        Assert.True(host.CheckDevice("0000:01:00.0").IsReady, string.Join("; ", host.CheckDevice("0000:01:00.0")));
        Assert.Contains(host.CheckDevice("0000:03:00.0"), finding => finding.Title.Contains("/a place", StringComparison.Ordinal));
    }

    [Fact]
    public void A_description_that_contradicts_itself_is_an_error_at_its_first_use()
    {
        foreach (var (host, word) in new (TestHost, string)[]
        {
            (TestHost.Intel().WithNic("05:01.0").BehindBridge("00:1e.0").WithNic("06:01.0").BehindBridge("00:1e.0"), "one bus"),
            (TestHost.Intel().WithNic("05:01.0").InGroup(7).BehindBridge("00:1e.0").WithNic("05:02.0").InGroup(8).BehindBridge("00:1e.0"), "share a group"),
            (TestHost.Intel().WithSoundCard("00:1e.0").WithNic("05:01.0").BehindBridge("00:1e.0"), "another call"),
            (TestHost.Intel().WithNic("01:00.0").BoundTo("vfio-pci").WithoutVfio(), "WithoutVfio"),
        })
        {
            using (host)
            {
                Assert.Contains(word, Assert.Throws<InvalidOperationException>(() => host.Capture()).Message, StringComparison.Ordinal);
            }
        }

        Assert.Throws<ArgumentException>(() => TestHost.Intel().WithGpu("01:00.7"));
        Assert.Throws<ArgumentException>(() => TestHost.Intel().WithMountedDisk("01:00.0", "srv"));
        Assert.Throws<InvalidOperationException>(() => TestHost.Intel().WithMountedDisk("01:00.0", "/srv").BoundTo(null));
    }

    [Fact]
    public async Task A_plan_is_made_and_applied_on_it()
    {
        using var host = TestHost.Amd().WithNic("0000:01:00.0");
        var guest = host.Libvirt.AddDomain("vm1", isRunning: true);

        await host.Open().Plan([PciAddress.Parse("0000:01:00.0")], guest).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("vfio-pci", host.Files.DriverOf("0000:01:00.0"));
    }

    [Fact]
    public void A_mistake_in_the_description_says_what_to_do()
    {
        using var host = TestHost.Intel().WithNic("0000:01:00.0");

        Assert.Contains("0000:01:00.0 already", Assert.Throws<ArgumentException>(() => host.WithDisk("0000:01:00.0")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => host.AsBootDisplay());
        Assert.Throws<InvalidOperationException>(() => TestHost.Amd().InGroup(1));
        Assert.Throws<FormatException>(() => host.WithNic("nonsense"));
        Assert.NotNull(host.Capture());
        Assert.Contains("before its first use", Assert.Throws<InvalidOperationException>(() => host.WithNic("0000:02:00.0")).Message, StringComparison.Ordinal);
        using var dom0 = TestHost.XenDom0();
        Assert.Throws<InvalidOperationException>(() => dom0.Libvirt);
    }

    [Fact]
    public void Disposing_leaves_nothing()
    {
        var host = TestHost.Intel().WithNic("0000:01:00.0");
        var root = host.Files.Root;
        host.Dispose();

        Assert.False(Directory.Exists(root));
        TestHost.Intel().Dispose();
    }

    private static TestHost Of(string machine) => machine switch
    {
        "Intel" => TestHost.Intel(),
        "Amd" => TestHost.Amd(),
        "Arm" => TestHost.Arm(),
        _ => TestHost.XenDom0(),
    };
}
