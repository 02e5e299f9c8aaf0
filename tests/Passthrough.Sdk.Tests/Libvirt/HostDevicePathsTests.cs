using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Networks;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Libvirt;

/// <summary>Which PCI function is behind a node of vDPA, a mediated device or the card of a network's pool, by the host's own links.</summary>
public sealed class HostDevicePathsTests : IDisposable
{
    private const string Mediated = "53764d0e-85a0-42b4-af5c-2046b460b1dc";

    private readonly FakeHost _host = FakeHost.Create()
        .AddPciDevice("0000:01:00.0", 0x15b3, 0x101d, driver: "mlx5_core")
        .AddPciDevice("0000:01:00.2", 0x15b3, 0x101e, driver: "mlx5_core", physicalFunction: "0000:01:00.0")
        .AddPciDevice("0000:01:00.3", 0x15b3, 0x101e, physicalFunction: "0000:01:00.0")
        .AddPciDevice("0000:03:00.0", 0x8086, 0x1234)
        .AddLink("/sys/class/vhost-vdpa/vhost-vdpa-0", "/sys/devices/pci0000:01/0000:01:00.2/vdpa0/vhost-vdpa-0")
        .AddLink("/sys/class/net/ens1", "/sys/devices/pci0000:01/0000:01:00.0/net/ens1")
        .AddLink($"/sys/bus/mdev/devices/{Mediated}", $"/sys/devices/pci0000:03/0000:03:00.0/{Mediated}");

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>", "0000:01:00.2")]
    [InlineData("<interface type='vdpa'><source dev='/dev/vhost-vdpa-9'/></interface>", null)]
    [InlineData("<interface type='vdpa'><source dev='/dev/other'/></interface>", null)]
    [InlineData($"<hostdev type='mdev' model='vfio-pci'><source><address uuid='{Mediated}'/></source></hostdev>", "0000:03:00.0")]
    [InlineData("<hostdev type='mdev' model='vfio-pci'><source><address uuid='00000000-85a0-42b4-af5c-2046b460b1dc'/></source></hostdev>", null)]
    [InlineData("<hostdev type='usb'><source><vendor id='1'/><product id='1'/></source></hostdev>", null)]
    [InlineData("<hostdev type='pci'><source><address bus='9'/></source></hostdev>", "0000:09:00.0")]
    public void The_function_behind_another_name_is_found(string device, string? address) =>
        Assert.Equal(address, Paths.FunctionOf(DomainHostUse.ParseAll(device)[0])?.ToString());

    [Fact]
    public void The_functions_of_a_pool_are_those_it_lists_or_those_of_its_card()
    {
        var listed = NetworkDocument.Parse("<network><name>p</name><forward mode='hostdev'><address type='pci' domain='0' bus='2' slot='0' function='1'/></forward></network>").Pool!;
        Assert.Equal([PciAddress.Parse("02:00.1")], Paths.FunctionsOf(listed));
        var card = NetworkDocument.Parse("<network><name>p</name><forward mode='hostdev'><pf dev='ens1'/></forward></network>").Pool!;
        Assert.Equal([PciAddress.Parse("01:00.2"), PciAddress.Parse("01:00.3")], Paths.FunctionsOf(card).Order());
        Assert.Empty(Paths.FunctionsOf(card with { PhysicalFunction = "ens9" }));
    }

    [Theory]
    [InlineData("/dev/nvme0n1", "0000:03:00.0")]
    [InlineData("/dev/nvme0n1p1", "0000:03:00.0")]
    [InlineData("/dev/disk/by-id/nvme-lab1", "0000:03:00.0")]
    [InlineData("/dev/mapper/vg-data", "0000:03:00.0")]
    [InlineData("/dev/loop0", null)]
    [InlineData("/var/lib/images/disk.raw", null)]
    public void The_function_below_a_disk_is_found_through_links_partitions_and_volumes(string node, string? address)
    {
        const string Disk = "/sys/devices/pci0000:03/0000:03:00.0/nvme/nvme0/nvme0n1";
        _host.WriteFile($"{Disk}/dev", "259:0\n").AddLink("/sys/class/block/nvme0n1", Disk)
            .WriteFile($"{Disk}/nvme0n1p1/dev", "259:1\n").AddLink("/sys/class/block/nvme0n1p1", $"{Disk}/nvme0n1p1")
            .WriteFile("/sys/devices/virtual/block/dm-0/dev", "253:0\n").WriteFile("/sys/devices/virtual/block/dm-0/dm/name", "vg-data\n")
            .AddLink("/sys/class/block/dm-0", "/sys/devices/virtual/block/dm-0").AddLink("/sys/devices/virtual/block/dm-0/slaves/nvme0n1p1", $"{Disk}/nvme0n1p1")
            .AddLink("/dev/disk/by-id/nvme-lab1", "/dev/nvme0n1");
        Assert.Equal(address is null ? [] : [PciAddress.Parse(address)], Paths.FunctionsOfNode(node));
    }

    [Theory]
    [InlineData("ens1", "0000:01:00.0")]
    [InlineData("br0", "0000:01:00.0")]
    [InlineData("lo", null)]
    public void The_function_below_an_interface_is_found_through_what_stands_on_it(string name, string? address)
    {
        _host.AddLink("/sys/class/net/br0", "/sys/devices/virtual/net/br0").AddLink("/sys/devices/virtual/net/br0/lower_bond0", "/sys/devices/virtual/net/bond0")
            .AddLink("/sys/class/net/bond0", "/sys/devices/virtual/net/bond0").AddLink("/sys/devices/virtual/net/bond0/lower_ens1", "/sys/devices/pci0000:01/0000:01:00.0/net/ens1")
            .AddLink("/sys/class/net/lo", "/sys/devices/virtual/net/lo").WriteFile("/sys/devices/virtual/net/lo/ifindex", "1\n");
        Assert.Equal(address is null ? [] : [PciAddress.Parse(address)], Paths.FunctionsOfInterface(name));
    }

    private HostDevicePaths Paths => new(PassthroughHost.At(_host.Root).Sysfs);
}
