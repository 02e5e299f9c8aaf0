using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.LibvirtTests;

public sealed class NodeDeviceTests : IDisposable
{
    private readonly LibvirtConnection _libvirt = TestDriver.Open();

    public void Dispose() => _libvirt.Dispose();

    [Fact]
    public void Devices_are_listed_and_described()
    {
        var names = _libvirt.GetNodeDevices(NodeDeviceKinds.Any).Select(device =>
        {
            using (device)
            {
                return device.Name;
            }
        }).ToList();
        Assert.Contains("computer", names);
        Assert.Empty(_libvirt.GetNodeDevices());
        using var root = _libvirt.GetNodeDevice("computer");
        using var host = _libvirt.GetNodeDevice("scsi_host1");
        Assert.Null(root.GetParent());
        Assert.Equal("computer", host.GetParent());
        Assert.Contains("<name>computer</name>", root.GetXml(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_device_is_code_53_with_its_name()
    {
        var address = PciAddress.Parse("0000:06:02.0");
        var error = Assert.Throws<LibvirtException>(() => _libvirt.GetNodeDevice(address));
        Assert.Equal(53, (int)error.Code);
        Assert.Contains("'pci_0000_06_02_0'", error.Message, StringComparison.Ordinal);
        Assert.False(_libvirt.TryGetNodeDevice(address, out _));
    }

    [Fact]
    public void The_test_driver_cannot_detach_and_says_so()
    {
        using var device = _libvirt.GetNodeDevice("computer");
        foreach (var call in new Action[] { () => device.Detach(), () => device.Detach("vfio"), device.ReAttach, device.Reset })
        {
            Assert.Equal(LibvirtErrorCode.NoSupport, Assert.Throws<LibvirtException>(call).Code);
        }
    }
}
