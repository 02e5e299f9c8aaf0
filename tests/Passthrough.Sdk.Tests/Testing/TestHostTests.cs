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
