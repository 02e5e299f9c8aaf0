using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>What may not be read is unknown, with the reason, and never an error.</summary>
public sealed class OrdinaryUserTests
{
    [Fact]
    public void Whether_a_host_in_order_is_ready_cannot_be_told_and_every_unknown_says_why()
    {
        var report = MemoryHost.SeenByAnOrdinaryUser().Check();
        Assert.Null(report.IsReady);
        Assert.All(report, finding => Assert.Equal(FindingSeverity.Info, finding.Severity));
        var unknown = report.Where(finding => finding.IsUndetermined).ToList();
        Assert.Equal([FindingIds.InterruptRemappingMissing, FindingIds.KernelLockdown], unknown.Select(finding => finding.Id));
        Assert.All(unknown, finding => Assert.Contains("permission denied", finding.Title, StringComparison.Ordinal));
        Assert.Equal(FindingIds.MemoryLockLimit, Assert.Single(report, finding => !finding.IsUndetermined).Id);
    }

    [Fact]
    public void Nothing_at_all_may_be_read_and_nothing_is_an_error()
    {
        var report = new MemorySysfs().Deny("/").Deny("/proc").Deny("/sys").Deny("/dev").Deny("/etc").Deny("/usr").Deny("/boot").Deny("/lib").Check();
        Assert.Null(report.IsReady);
        Assert.All(report, finding => Assert.True(finding.IsUndetermined, finding.ToString()));
        Assert.NotEmpty(report);
    }

    [Fact]
    public void Established_findings_come_before_what_nobody_could_tell()
    {
        var report = MemoryHost.SeenByAnOrdinaryUser().Check();
        Assert.Equal(report.OrderBy(finding => finding.IsUndetermined).Select(finding => finding.Id), report.Select(finding => finding.Id));
    }

    [Theory]
    [InlineData(0x180, "", true)] // 0600 root
    [InlineData(0x1B0, "", true)] // 0660 root:root
    [InlineData(0x1B6, "", false)] // 0666
    [InlineData(0x180, "user = \"root\"\n", false)]
    [InlineData(0x180, "#user = \"root\"\n", true)]
    [InlineData(0x180, "user = \"+0\"\n", false)]
    public void A_narrow_node_hinders_the_emulator_that_is_not_let_in(int mode, string configuration, bool hinders)
    {
        var report = AsRoot().AddNode("/dev/vfio/vfio", mode).Add("/etc/libvirt/qemu.conf", configuration).Check();
        Assert.Equal(hinders, report.Any(finding => finding is { Id: FindingIds.VfioNodeInaccessible, Severity: FindingSeverity.Error }));
        Assert.Equal(!hinders, report.IsReady);
    }

    [Fact]
    public void A_group_of_the_emulators_account_lets_it_in()
    {
        var files = AsRoot().AddNode("/dev/vfio/vfio", 0x1B0, group: 107)
            .Add("/etc/libvirt/qemu.conf", "group = \"kvm\"\n").Add("/etc/group", "kvm:x:107:\n");
        Assert.DoesNotContain(files.Check(), finding => finding.Id == FindingIds.VfioNodeInaccessible);
    }

    [Fact]
    public void A_narrow_node_is_undetermined_where_the_account_may_not_be_read()
    {
        var finding = Assert.Single(
            MemoryHost.SeenByAnOrdinaryUser().AddNode("/dev/vfio/vfio", 0x180).Check(), finding => finding.Id == FindingIds.VfioNodeInaccessible);
        Assert.True(finding.IsUndetermined);
        Assert.Contains("/etc/libvirt/qemu.conf", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_of_libvirt_runs_emulators_as_the_user_who_asks_and_cannot_raise_the_limit()
    {
        var report = MemoryHost.SeenByAnOrdinaryUser().AddNode("/dev/vfio/vfio", 0x180).Check(libvirt: new LibvirtFacts
        {
            Uri = "qemu:///session",
            Version = Fact.Known(new Version(9, 0, 0), "virConnectGetLibVersion"),
        });
        Assert.Contains(report, finding => finding is { Id: FindingIds.VfioNodeInaccessible, Severity: FindingSeverity.Error });
        Assert.Contains(report, finding => finding is { Id: FindingIds.MemoryLockLimit, Severity: FindingSeverity.Warning });
    }

    [Theory]
    [InlineData("000001ffffffffff", "8388608", false)] // root
    [InlineData("0000000000004000", "65536", false)] // CAP_IPC_LOCK alone
    [InlineData("0000000000000000", "unlimited", false)]
    [InlineData("0000000000000000", "34359738368", false)] // more than the machine has
    [InlineData("0000000000000000", "65536", true)]
    public void The_limit_on_locked_memory_counts_for_those_it_binds(string capabilities, string limit, bool said)
    {
        var report = MemoryHost.SeenByAnOrdinaryUser()
            .Add("/proc/self/status", $"Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t\nCapEff:\t{capabilities}\n")
            .Add("/proc/self/limits", $"Max locked memory         {limit}              {limit}              bytes     \n")
            .Check();
        Assert.Equal(said, report.Any(finding => finding is { Id: FindingIds.MemoryLockLimit, IsUndetermined: false }));
    }

    private static MemorySysfs AsRoot() => new MemorySysfs()
        .Add("/proc/modules", "vfio_pci 16384 0 - Live 0x0000000000000000\n")
        .Add("/proc/cpuinfo", "vendor_id : GenuineIntel\nflags : lm vmx\n")
        .Add("/proc/interrupts", " 24: 9 IR-PCI-MSI 0-edge\n")
        .Add("/sys/kernel/iommu_groups/9/type", "DMA\n")
        .AddDirectory("/sys/class/iommu/dmar0/devices")
        .Add("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nlibvirt-qemu:x:64055:106::/var/lib/libvirt:/usr/sbin/nologin\n")
        .AddNode("/dev/kvm");
}
