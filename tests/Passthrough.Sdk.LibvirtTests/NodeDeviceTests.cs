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

    [Fact]
    public void Each_kind_lists_its_own()
    {
        Assert.Equal(["computer"], Names(_libvirt.GetNodeDevices(NodeDeviceKinds.System)));
        var adapters = Names(_libvirt.GetNodeDevices(NodeDeviceKinds.ScsiHost));
        Assert.Contains("scsi_host1", adapters);
        Assert.DoesNotContain("computer", adapters);
        Assert.Equal([.. adapters, "computer"], Names(_libvirt.GetNodeDevices(NodeDeviceKinds.ScsiHost | NodeDeviceKinds.System)), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(NodeDeviceStates.Active)]
    [InlineData(NodeDeviceStates.Inactive)]
    [InlineData(NodeDeviceStates.Persistent)]
    [InlineData(NodeDeviceStates.Transient)]
    public void A_driver_that_does_not_know_a_state_refuses_it(NodeDeviceStates state) =>
        Assert.Equal(LibvirtErrorCode.InvalidArg, Assert.Throws<LibvirtException>(() => _libvirt.GetNodeDevices(NodeDeviceKinds.Any, state)).Code);

    [Fact]
    public void Capabilities_are_listed()
    {
        using var root = _libvirt.GetNodeDevice("computer");
        using var adapter = _libvirt.GetNodeDevice("scsi_host1");
        Assert.Equal(["system"], root.GetCapabilities());
        Assert.Contains("scsi_host", adapter.GetCapabilities());
    }

    [Fact]
    public void A_device_is_created_and_destroyed()
    {
        const string xml =
            "<device><parent>scsi_host1</parent><capability type='scsi_host'><capability type='fc_host'>"
            + "<wwnn>2001001b32a9da4e</wwnn><wwpn>2101001b32a90002</wwpn></capability></capability></device>";
        string name;
        using (var device = _libvirt.CreateNodeDevice(xml))
        {
            name = device.Name;
            Assert.Equal("scsi_host1", device.GetParent());
            Assert.Contains("<wwpn>2101001b32a90002</wwpn>", device.GetXml(), StringComparison.Ordinal);
            Assert.True(_libvirt.TryGetNodeDevice(name, out var again));
            again.Dispose();
            device.Destroy();
        }

        Assert.False(_libvirt.TryGetNodeDevice(name, out _));
    }

    [Fact]
    public void Bad_XML_is_an_error_of_XML()
    {
        Assert.Equal(LibvirtErrorCode.XmlDetail, Assert.Throws<LibvirtException>(() => _libvirt.CreateNodeDevice("<device")).Code);
        Assert.Throws<ArgumentException>(() => _libvirt.CreateNodeDevice("<device\0/>"));
        Assert.Throws<ArgumentNullException>(() => _libvirt.DefineNodeDevice(null!));
    }

    [Fact]
    public void What_the_driver_or_the_library_does_not_have_is_said()
    {
        using var device = _libvirt.GetNodeDevice("scsi_host1");
        Action[] calls =
        [
            () => _libvirt.DefineNodeDevice("<device/>"), () => device.IsActive(), () => device.IsPersistent(), () => device.GetAutostart(),
            () => device.SetAutostart(true), device.Start, device.Undefine,
        ];
        Assert.All(calls, call => Assert.Equal(LibvirtErrorCode.NoSupport, Assert.Throws<LibvirtException>(call).Code));

        var update = Assert.ThrowsAny<Exception>(() => device.Update("<device/>"));
        if (LibvirtConnection.LibraryVersion < new Version(10, 1, 0))
        {
            Assert.Contains("10.1.0", Assert.IsType<LibvirtTooOldException>(update).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(LibvirtErrorCode.NoSupport, Assert.IsType<LibvirtException>(update).Code);
        }
    }

    private static List<string> Names(IEnumerable<ILibvirtNodeDevice> devices) => [.. devices.Select(device =>
    {
        using (device)
        {
            return device.Name;
        }
    }).Order(StringComparer.Ordinal).OrderBy(name => name == "computer")];
}
