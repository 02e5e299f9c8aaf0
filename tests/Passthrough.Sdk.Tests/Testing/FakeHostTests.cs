using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing;

public sealed class FakeHostTests
{
    [Fact]
    public void A_device_stands_in_the_device_tree_and_on_the_bus()
    {
        using var fake = FakeHost.Create()
            .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
            .AddPciDevice("01:00.0", vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0");

        Assert.Equal("/sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0", fake.DevicePath("0000:01:00.0"));
        Assert.Equal("0x10d3\n", Read(fake, "/sys/bus/pci/devices/0000:01:00.0/device"));
        Assert.StartsWith("DRIVER=e1000e\nPCI_CLASS=20000\nPCI_ID=8086:10D3\n", Read(fake, "/sys/bus/pci/drivers/e1000e/0000:01:00.0/uevent"), StringComparison.Ordinal);
        Assert.Equal("0x020000\n", Read(fake, "/sys/kernel/iommu_groups/9/devices/0000:01:00.0/class"));
        Assert.Equal("1\n", Read(fake, "/sys/kernel/iommu_groups/8/devices/0000:00:1c.0/secondary_bus_number"));
        Assert.Equal("../../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0", Target(fake, "/sys/bus/pci/devices/0000:01:00.0"));
        Assert.Equal("../../../../bus/pci/drivers/e1000e", Target(fake, "/sys/bus/pci/devices/0000:01:00.0/driver"));
    }

    [Fact]
    public void A_virtual_function_stands_beside_its_physical_one()
    {
        using var fake = FakeHost.Create()
            .AddPciDevice("0000:03:00.0", driver: "igb")
            .AddPciDevice("0000:03:10.0", physicalFunction: "0000:03:00.0")
            .AddPciDevice("0000:03:10.2", physicalFunction: "0000:03:00.0");

        Assert.Equal("../0000:03:10.2", Target(fake, "/sys/bus/pci/devices/0000:03:00.0/virtfn1"));
        Assert.Equal("../0000:03:00.0", Target(fake, "/sys/bus/pci/devices/0000:03:10.2/physfn"));
        Assert.Equal("2\n", Read(fake, "/sys/bus/pci/devices/0000:03:00.0/sriov_numvfs"));
    }

    [Fact]
    public void Removing_takes_a_link_and_not_what_it_points_to()
    {
        using var fake = FakeHost.Create().AddPciDevice("0000:00:02.0").Remove("/sys/bus/pci/devices/0000:00:02.0").Remove("/proc/none/there");

        Assert.False(Path.Exists(fake.PathOf("/sys/bus/pci/devices/0000:00:02.0")));
        Assert.True(Directory.Exists(fake.PathOf(fake.DevicePath("0000:00:02.0"))));
    }

    [Fact]
    public void Disposing_leaves_nothing_behind()
    {
        var fake = FakeHost.Create().AddPciDevice("0000:00:02.0", driver: "nvme", iommuGroup: 1);
        fake.Dispose();
        fake.Dispose();

        Assert.False(Path.Exists(fake.Root));
    }

    [Fact]
    public void A_directory_that_is_there_is_not_taken_over()
    {
        using var fake = FakeHost.Create();

        var error = Assert.Throws<IOException>(() => FakeHost.Create(fake.Root));
        Assert.Contains(fake.Root, error.Message, StringComparison.Ordinal);
    }

    private static string Read(FakeHost fake, string path) => File.ReadAllText(fake.PathOf(path));

    private static string? Target(FakeHost fake, string path) => new FileInfo(fake.PathOf(path)).LinkTarget;
}
