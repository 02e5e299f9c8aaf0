using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Iommu;

public sealed class IommuGroupTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create();

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void Groups_have_their_members_types_and_reserved_regions()
    {
        _fake.AddPciDevice("0000:00:14.2", iommuGroup: 10).AddPciDevice("0000:00:14.0", iommuGroup: 10).AddPciDevice("0000:00:14.1", iommuGroup: 10)
            .AddPciDevice("0000:00:02.0", iommuGroup: 2).AddIommuGroup(10, "DMA-FQ", "0x000000009f000000 0x000000009f7fffff direct-relaxable", "0x00000000fee00000 0x00000000feefffff msi");

        var groups = Capture().IommuGroups;

        Assert.Equal([2, 10], groups.AsEnumerable().Select(g => g.Id));
        Assert.True(groups.TryGet(10, out var group));
        Assert.Same(group, groups[10]);
        Assert.Equal(["0000:00:14.0", "0000:00:14.1", "0000:00:14.2"], group.Devices.Select(a => a.ToString()));
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
        _fake.AddPciDevice("0000:00:02.0", iommuGroup: 1);
        foreach (var name in (string[])["2f000000.gpu", "1f000000.gpu", "1f100000.gpu"])
        {
            _fake.AddDirectory($"/sys/devices/platform/soc/{name}").AddLink($"/sys/kernel/iommu_groups/1/devices/{name}", $"/sys/devices/platform/soc/{name}");
        }

        Assert.Equal(["1f000000.gpu", "1f100000.gpu", "2f000000.gpu"], Capture().IommuGroups[1].OtherDevices);
    }

    [Fact]
    public void What_cannot_be_read_of_a_group_is_named_and_the_rest_is_there()
    {
        _fake.AddPciDevice("0000:00:02.0", iommuGroup: 1).AddPciDevice("0000:00:03.0", iommuGroup: 2)
            .AddDirectory("/sys/kernel/iommu_groups/other").AddDirectory("/sys/kernel/iommu_groups/7")
            .Remove("/sys/kernel/iommu_groups/2/type").AddDirectory("/sys/kernel/iommu_groups/2/type");

        var snapshot = Capture();

        Assert.Equal([1, 2], snapshot.IommuGroups.AsEnumerable().Select(group => group.Id));
        Assert.Null(snapshot.IommuGroups[2].Type);
        Assert.Equal(
            [
                ("/sys/kernel/iommu_groups/2/type", "is a directory"), ("/sys/kernel/iommu_groups/7/devices", "disappeared while it was read"),
                ("/sys/kernel/iommu_groups/other", "not a group number"),
            ],
            snapshot.Unread.Where(source => source.Path.StartsWith(IommuGroupReader.Groups, StringComparison.Ordinal)).Select(source => (source.Path, source.Reason)));
    }

    [Fact]
    public void A_list_that_cannot_be_opened_is_unknown_and_named()
    {
        var unread = new UnreadSources();

        var groups = IommuGroupReader.Read(new MemorySysfs().AddDirectory(IommuGroupReader.Groups), new PciDeviceCollection([]), details: true, unread);

        Assert.Equal(FactState.Unknown, groups.State);
        Assert.Equal(IommuGroupReader.Groups, Assert.Single(unread.ToValueList()).Path);
        Assert.Contains("/sys/kernel/iommu_groups could not be read", Assert.Throws<IommuGroupNotFoundException>(() => groups[3]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_has_each_of_its_devices_once_and_in_order()
    {
        var (first, second) = (PciAddress.Parse("0000:00:14.0"), PciAddress.Parse("0000:00:14.2"));

        Assert.Equal([first, second], new IommuGroup(1, [second, first, second]).Devices);
        Assert.Equal([first, second], new IommuGroup(1, [first, second, second]).Devices);
        Assert.Equal([first, second], new IommuGroup(1, [first, second]).Devices);
        Assert.Throws<ArgumentNullException>(() => new IommuGroup(1, null!));
    }

    [Fact]
    public void Groups_that_are_known_and_none_are_no_active_iommu() =>
        Assert.Contains("no IOMMU is active", Assert.Throws<IommuGroupNotFoundException>(() => new IommuGroupCollection([])[3]).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_details_the_groups_are_those_the_functions_name()
    {
        _fake.AddPciDevice("0000:00:14.0", iommuGroup: 10).AddPciDevice("0000:00:02.0", iommuGroup: 2).AddPciDevice("0000:00:14.2", iommuGroup: 10);

        var groups = Capture(CaptureOptions.DevicesOnly).IommuGroups;

        Assert.Equal(["0000:00:14.0", "0000:00:14.2"], groups[10].Devices.Select(address => address.ToString()));
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
