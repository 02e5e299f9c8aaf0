using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>The guards that libvirt does not have: what the host would lose with the device.</summary>
public sealed class InUseRulesTests
{
    private static readonly PciAddress Address = PciAddress.Parse("0000:02:00.0");

    [Fact]
    public void A_mounted_disk_is_refused_and_its_mount_point_named()
    {
        var finding = Assert.Single(Check(new DeviceHoldsDisk(), Disk(mounts: [new BlockMount("/home", "ext4", "/dev/nvme0n1p1", "nvme0n1p1")])));
        Assert.Equal((FindingIds.DeviceHoldsMountedFileSystem, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("/home", finding.Title, StringComparison.Ordinal);
        Assert.Contains("umount /home", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_with_swap_is_refused() =>
        Assert.Equal(FindingIds.DeviceHoldsSwap, Assert.Single(Check(new DeviceHoldsDisk(), Disk(swaps: ["/dev/nvme0n1p2"]))).Id);

    [Fact]
    public void An_unused_disk_is_fine() => Assert.Empty(Check(new DeviceHoldsDisk(), Disk()));

    [Fact]
    public void Unknown_disks_are_unknown_and_not_an_error()
    {
        var finding = Assert.Single(Check(new DeviceHoldsDisk(), new DeviceUsage { BlockDevices = Fact.Unknown<ValueList<BlockDevice>>("/sys/class/block", "permission denied") }));
        Assert.True(finding.IsUndetermined);
        Assert.Equal(FindingSeverity.Info, finding.Severity);
        Assert.Contains("permission denied", finding.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void An_interface_counts_when_a_network_goes_through_it(bool inUse, bool refused)
    {
        var net = new NetworkInterface
        {
            Name = "enp2s0",
            IsInUse = Fact.Known(inUse, "ip route"),
            Uses = inUse ? [new NetworkUse(NetworkUseKind.DefaultRoute, "enp2s0", "the default route leads through it", "ip route")] : [],
        };
        var findings = Check(new DeviceHoldsNetwork(), new DeviceUsage { NetworkInterfaces = Fact.Known(ValueList.Create(net), "/sys/class/net") }).ToList();
        Assert.Equal(refused, findings.Count == 1 && findings[0].Id == FindingIds.DeviceHoldsActiveNetworkInterface);
    }

    [Fact]
    public void A_blacklisted_vfio_pci_is_named_with_its_line_and_explains_that_it_is_not_loaded()
    {
        using var host = Bare().WriteFile("/etc/modprobe.d/no.conf", "# why\nblacklist vfio_pci\n");
        var error = Assert.Single(PassthroughHost.At(host.Root).Capture().CheckReadiness(), finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(FindingIds.VfioModuleBlacklisted, error.Id);
        Assert.Contains("/etc/modprobe.d/no.conf line 2", error.Title, StringComparison.Ordinal);
        Assert.Equal(FindingIds.VfioModuleNotLoaded, Assert.Single(error.Consequences).Id);
    }

    [Theory]
    [InlineData("N", FindingIds.InterruptRemappingMissing, FindingSeverity.Error)]
    [InlineData("Y", FindingIds.InterruptRemappingUnsafeAllowed, FindingSeverity.Warning)]
    public void Without_interrupt_remapping_it_depends_on_what_VFIO_was_told(string unsafeAllowed, string id, FindingSeverity severity)
    {
        using var host = Bare().WithVfio()
            .WriteFile("/proc/interrupts", "           CPU0\n  1:          9   IO-APIC   1-edge      i8042\n")
            .WriteFile("/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", unsafeAllowed + "\n");
        Assert.Contains(PassthroughHost.At(host.Root).Capture().CheckReadiness(), finding => finding.Id == id && finding.Severity == severity);
    }

    private static FakeHost Bare() => FakeHost.Create()
        .WriteFile("/proc/cmdline", "intel_iommu=on\n")
        .WriteFile("/proc/sys/kernel/osrelease", "6.1.0-test\n")
        .WriteFile("/proc/modules", "")
        .WriteFile("/lib/modules/6.1.0-test/modules.builtin", "")
        .WriteFile("/lib/modules/6.1.0-test/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko:\n")
        .WithGroups();

    private static DeviceUsage Disk(ValueList<BlockMount>? mounts = null, ValueList<string>? swaps = null)
    {
        var disk = new BlockDevice
        {
            Name = "nvme0n1",
            Mounts = Fact.Known(mounts ?? [], "/proc/self/mountinfo"),
            Swaps = Fact.Known(swaps ?? [], "/proc/swaps"),
        };
        return new DeviceUsage { BlockDevices = Fact.Known(ValueList.Create(disk), "/sys/class/block") };
    }

    private static IEnumerable<Finding> Check(IReadinessRule rule, DeviceUsage usage)
    {
        using var empty = FakeHost.Create();
        var snapshot = new HostSnapshot(
            default, "/", PassthroughHost.At(empty.Root).Capture().Devices, PassthroughHost.At(empty.Root).Capture().IommuGroups, [])
        {
            System = new HostSystem { Usage = new HostUsage(ImmutableDictionary<PciAddress, DeviceUsage>.Empty.Add(Address, usage), new DeviceUsage()) },
        };
        return [.. rule.Check(new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = [Address] })];
    }
}
