using System.IO.Abstractions;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Pci;

public sealed class PciDeviceNameTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create()
        .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3)
        .AddPciDevice("0000:02:00.0", vendor: 0x8086, device: 0x0001)
        .AddPciDevice("0000:03:00.0", vendor: 0x0001, device: 0x0001)
        .WriteFile("/usr/share/misc/pci.ids", "8086  Intel Corporation\n\t10d3  82574L Gigabit Network Connection\n");

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void A_function_has_the_name_that_the_id_database_of_its_host_gives()
    {
        var devices = PassthroughHost.At(_fake.Root).Capture(CaptureOptions.DevicesOnly).Devices;

        Assert.Equal(
            ["Intel Corporation 82574L Gigabit Network Connection", "Intel Corporation 0001", null],
            devices.Select(device => device.Name));
    }

    [Fact]
    public void Without_ids_there_is_no_name()
    {
        _fake.WriteFile("/sys/bus/pci/devices/0000:01:00.0/modalias", "").Remove("/sys/bus/pci/devices/0000:01:00.0/vendor")
            .Remove("/sys/bus/pci/devices/0000:01:00.0/uevent");

        Assert.Null(PassthroughHost.Over(new FileSystem(), _fake.Root).Capture().Devices[0].Name);
    }

    [Fact]
    public void In_a_snapshot_of_libvirt_the_names_are_those_that_libvirt_gives()
    {
        var snapshot = LibvirtHost.Read("elsewhere", [
            """
            <device><name>pci_0000_05_00_0</name><capability type='pci'><domain>0</domain><bus>5</bus><slot>0</slot><function>0</function>
            <product id='0x1521'>I350</product><vendor id='0x8086'>Intel</vendor></capability></device>
            """]);

        Assert.Equal("Intel I350", Assert.Single(snapshot.Devices.AsEnumerable()).Name);
    }
}
