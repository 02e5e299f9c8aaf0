using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Explain;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>The node of the group: libvirt's system daemon gives it to the emulator, unless it is told not to.</summary>
public sealed class VfioGroupNodeTests
{
    private const string Keeps = "user = \"nobody\"\ndynamic_ownership = 0\n";
    private const int ForRoot = 0x180; // 0600
    private const int ForAll = 0x1B6; // 0666
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");

    [Theory]
    [InlineData(Keeps, ForRoot, FindingSeverity.Error)]
    [InlineData(Keeps, ForAll, null)]
    [InlineData(Keeps, null, FindingSeverity.Warning)] // not there yet
    [InlineData("user = \"nobody\"\n", ForRoot, null)]
    [InlineData("user = \"nobody\"\ndynamic_ownership = 1\n", ForRoot, null)]
    [InlineData("user = \"nobody\"\n#dynamic_ownership = 0\n", ForRoot, null)]
    [InlineData("user = \"root\"\ndynamic_ownership = 0\n", ForRoot, null)]
    [InlineData("dynamic_ownership = 0\n", null, FindingSeverity.Warning)] // libvirt-qemu
    public void It_hinders_where_libvirt_changes_no_owners(string configuration, int? mode, FindingSeverity? severity)
    {
        var finding = Check(configuration, mode).SingleOrDefault();
        Assert.Equal(severity, finding?.Severity);
        Assert.Equal(severity is null ? null : FindingIds.VfioNodeInaccessible, finding?.Id);
    }

    [Fact]
    public void A_session_of_libvirt_can_give_it_to_nobody() =>
        Assert.Equal(FindingSeverity.Error, Assert.Single(Check("", ForRoot, new() { Uri = "qemu:///session" })).Severity);

    [Fact]
    public void Nothing_is_said_where_libvirts_configuration_may_not_be_read() =>
        Assert.Empty(Check(Files(Keeps, ForRoot).Deny("/etc/libvirt/qemu.conf"), null));

    [Fact]
    public void The_refusal_has_its_cause_though_the_node_is_gone_again()
    {
        using var host = Hosts.Healthy();
        var snapshot = PassthroughHost.At(host.Root).Capture();
        var cause = Snapshots.With(snapshot, snapshot.System with { Emulator = HostSystemReader.Read(Files(Keeps, null)).Emulator })
            .Explain("vfio 0000:01:00.0: failed to open /dev/vfio/9: Permission denied").Cause!;
        Assert.Equal(FindingIds.VfioNodeInaccessible, cause.Id);
        Assert.False(cause.IsUndetermined);
        Assert.Equal(FindingSeverity.Error, cause.Severity);
        Assert.Contains(new Evidence("/etc/libvirt/qemu.conf", "dynamic_ownership = 0"), cause.Evidence);
    }

    private static List<Finding> Check(string configuration, int? mode, LibvirtFacts? libvirt = null) => Check(Files(configuration, mode), libvirt);

    private static List<Finding> Check(MemorySysfs files, LibvirtFacts? libvirt)
    {
        using var host = FakeHost.Create().AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, driver: "vfio-pci", iommuGroup: 9);
        var snapshot = Snapshots.With(PassthroughHost.At(host.Root).Capture(), HostSystemReader.Read(files));
        return [.. new VfioGroupNode().Check(new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = [Nic], Libvirt = libvirt })];
    }

    private static MemorySysfs Files(string configuration, int? mode)
    {
        var files = new MemorySysfs()
            .Add("/etc/libvirt/qemu.conf", configuration)
            .Add("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\nlibvirt-qemu:x:64055:106::/:/bin/false\n")
            .Add("/proc/self/status", "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t\nCapEff:\t0000000000000000\n")
            .AddNode("/dev/vfio/vfio", ForAll);
        return mode is { } bits ? files.AddNode("/dev/vfio/9", bits) : files;
    }
}
