using System.Collections.Immutable;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

public sealed class DeviceRulesTests : IDisposable
{
    private readonly FakeHost _host = FakeHost.Create()
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 5)
        .AddPciDevice("0000:01:00.0", vendor: 0x10de, device: 0x1b80, @class: 0x030000, driver: "nouveau", iommuGroup: 5, parent: "0000:00:1c.0")
        .AddPciDevice("0000:01:00.1", vendor: 0x10de, device: 0x10f0, @class: 0x040300, driver: "snd_hda_intel", iommuGroup: 5, parent: "0000:00:1c.0")
        .AddPciDevice("0000:00:19.0", vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 6)
        .AddPciDevice("0000:00:1a.0", vendor: 0x8086, device: 0x1111, @class: 0x088000, driver: "vfio-pci", iommuGroup: 7)
        .AddPciDevice("0000:00:1a.1", vendor: 0x8086, device: 0x1112, @class: 0x088000, iommuGroup: 7);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_device_that_is_not_there() => Assert.Equal(FindingIds.DeviceNotFound, FirstOf("0000:09:00.0")?.Id);

    [Fact]
    public void A_bridge() => Assert.Equal(FindingIds.DeviceIsBridge, FirstOf("0000:00:1c.0")?.Id);

    [Fact]
    public void A_neighbour_on_a_host_driver_is_named_and_the_bridge_is_not()
    {
        var finding = FirstOf("0000:01:00.0");
        Assert.Equal(FindingIds.GroupNotViable, finding?.Id);
        Assert.Contains("0000:01:00.1 (snd_hda_intel)", finding?.Title, StringComparison.Ordinal);
        Assert.DoesNotContain("0000:00:1c.0", finding?.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000:01:00.0", "0000:01:00.1")]
    [InlineData("0000:00:19.0")]
    [InlineData("0000:00:1a.0")]
    [InlineData("0000:00:1a.1")]
    public void Whole_groups_single_devices_and_unbound_neighbours_are_fine(params string[] addresses) => Assert.Null(FirstOf(addresses));

    [Fact]
    public void A_group_is_viable_when_each_endpoint_can_go_alone()
    {
        var snapshot = PassthroughHost.At(_host.Root).Capture();
        Assert.Equal(
            [(5, false), (6, true), (7, true)],
            snapshot.IommuGroups.Select(group => (group.Id, snapshot.CheckGroup(group).Count == 0)));
    }

    private Finding? FirstOf(params string[] addresses) =>
        PassthroughHost.At(_host.Root).Capture()
            .CheckDevices([.. addresses.Select(PciAddress.Parse)])
            .FirstOrDefault(finding => finding.Severity == FindingSeverity.Error
                && (finding.Id.StartsWith("device.", StringComparison.Ordinal) || finding.Id.StartsWith("group.", StringComparison.Ordinal)));
}
