using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Iommu;

public sealed class IommuGroupTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create();

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void Groups_have_their_members_types_and_reserved_regions()
    {
        _fake.AddPciDevice("0000:00:14.2", iommuGroup: 10).AddPciDevice("0000:00:14.0", iommuGroup: 10).AddPciDevice("0000:00:02.0", iommuGroup: 2)
            .AddIommuGroup(10, "DMA-FQ", "0x000000009f000000 0x000000009f7fffff direct-relaxable", "0x00000000fee00000 0x00000000feefffff msi");

        var groups = Capture().IommuGroups;

        Assert.Equal([2, 10], groups.AsEnumerable().Select(g => g.Id));
        Assert.True(groups.TryGet(10, out var group));
        Assert.Same(group, groups[10]);
        Assert.Equal(["0000:00:14.0", "0000:00:14.2"], group.Devices.Select(a => a.ToString()));
        Assert.Equal("DMA-FQ", group.Type);
        Assert.Equal(
            [
                new ReservedRegion(0x9f000000, 0x9f7fffff, ReservedRegionType.DirectRelaxable, "direct-relaxable"),
                new ReservedRegion(0xfee00000, 0xfeefffff, ReservedRegionType.Msi, "msi"),
            ],
            group.ReservedRegions!.Value);
    }

    [Fact]
    public void Members_that_are_no_PCI_functions_are_seen()
    {
        _fake.AddPciDevice("0000:00:02.0", iommuGroup: 1).AddDirectory("/sys/devices/platform/soc/1f000000.gpu")
            .AddLink("/sys/kernel/iommu_groups/1/devices/1f000000.gpu", "/sys/devices/platform/soc/1f000000.gpu");

        Assert.Equal(["1f000000.gpu"], Capture().IommuGroups[1].OtherDevices);
    }

    [Fact]
    public void Without_details_the_groups_are_those_the_functions_name()
    {
        _fake.AddPciDevice("0000:00:14.0", iommuGroup: 10).AddPciDevice("0000:00:02.0", iommuGroup: 2);

        var groups = Capture(CaptureOptions.DevicesOnly).IommuGroups;

        Assert.Equal([2, 10], groups.AsEnumerable().Select(g => g.Id));
        Assert.Null(groups[2].Type);
        Assert.Null(groups[2].ReservedRegions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_function_without_a_link_learns_its_group_from_the_list(bool details)
    {
        _fake.AddPciDevice("0000:00:02.0", iommuGroup: 7).Remove("/sys/bus/pci/devices/0000:00:02.0/iommu_group");

        var snapshot = Capture(new CaptureOptions { IommuGroupDetails = details });

        Assert.Equal(7, snapshot.Devices[0].IommuGroupId);
        Assert.Equal(7, snapshot.IommuGroups[7].Id);
    }

    [Fact]
    public void A_group_that_the_host_does_not_have_is_an_error_that_names_its_number()
    {
        Assert.Contains("has no IOMMU group 0: it has no IOMMU groups at all", Assert.Throws<IommuGroupNotFoundException>(() => Capture().IommuGroups[0]).Message, StringComparison.Ordinal);

        _fake.AddPciDevice("0000:00:02.0", iommuGroup: 7);
        var error = Assert.Throws<IommuGroupNotFoundException>(() => Capture().IommuGroups[0]);

        Assert.Equal(0, error.Id);
        Assert.Contains("it has 1 others", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_without_the_list_are_enough()
    {
        _fake.AddPciDevice("0000:00:02.0", iommuGroup: 7).Remove("/sys/kernel/iommu_groups");

        Assert.Equal(7, Assert.Single(Capture().IommuGroups.AsEnumerable()).Id);
    }

    [Fact]
    public void No_list_at_all_is_absent_and_an_empty_one_is_known()
    {
        Assert.Equal(FactState.Absent, Capture().IommuGroups.State);

        _fake.AddDirectory("/sys/kernel/iommu_groups");
        Assert.Equal(FactState.Known, Capture().IommuGroups.State);
    }

    private HostSnapshot Capture(CaptureOptions? options = null) => PassthroughHost.At(_fake.Root).Capture(options);
}
