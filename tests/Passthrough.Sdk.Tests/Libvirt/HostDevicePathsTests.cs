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

    private HostDevicePaths Paths => new(PassthroughHost.At(_host.Root).Sysfs);
}
