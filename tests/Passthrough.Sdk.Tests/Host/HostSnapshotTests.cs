using System.IO.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Sysfs;

namespace Passthrough.Sdk.Tests.Host;

public sealed class HostSnapshotTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create();

    public void Dispose() => _fake.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_device_has_what_the_kernel_says(bool portable)
    {
        _fake.AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
            .AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, 0x020000, "e1000e", 9, "0000:00:1c.0", 0x8086, 0xa01f, 0x03, numaNode: 1);

        var device = Capture(portable).Devices[PciAddress.Parse("0000:01:00.0")];

        Assert.Equal("020000", device.ClassCode.ToString());
        Assert.Equal(((ushort)0x8086, (ushort)0x10d3), (device.VendorId, device.DeviceId));
        Assert.Equal(((ushort)0x8086, (ushort)0xa01f), (device.SubsystemVendorId, device.SubsystemDeviceId));
        Assert.Equal((byte)3, device.Revision);
        Assert.Equal(("e1000e", 9, 1), (device.Driver, device.IommuGroupId, device.NumaNode));
        Assert.Null(device.PhysicalFunction);
        Assert.Empty(device.VirtualFunctions);
        Assert.Equal("0000:01:00.0 8086:10d3 [020000] e1000e", device.ToString());
    }

    [Fact]
    public void What_the_kernel_does_not_say_is_null()
    {
        _fake.AddPciDevice("0000:00:02.0");

        var device = Capture().Devices[0];

        Assert.Null(device.Driver);
        Assert.Null(device.IommuGroupId);
        Assert.Null(device.NumaNode);
        Assert.Null(device.SubsystemVendorId);
        Assert.Null(device.SubsystemDeviceId);
    }

    [Fact]
    public void Virtual_and_physical_functions_know_each_other()
    {
        _fake.AddPciDevice("0000:03:00.0").AddPciDevice("0000:03:10.2", physicalFunction: "0000:03:00.0")
            .AddPciDevice("0000:03:10.0", physicalFunction: "0000:03:00.0");

        var devices = Capture().Devices;

        Assert.Equal(["0000:03:10.0", "0000:03:10.2"], devices[PciAddress.Parse("0000:03:00.0")].VirtualFunctions.Select(a => a.ToString()));
        Assert.Equal(PciAddress.Parse("0000:03:00.0"), devices[PciAddress.Parse("0000:03:10.2")].PhysicalFunction);
        Assert.True(devices[PciAddress.Parse("0000:03:10.2")].IsVirtualFunction);
    }

    /// <summary>Many kernels show uevent under the lock that a driver holds while it waits for its users.</summary>
    [Fact]
    public void A_function_whose_driver_does_not_let_go_holds_nobody_up()
    {
        _fake.AddPciDevice("0000:00:02.0", 0x8086, 0x10d3, 0x020000, "e1000e", subsystemVendor: 0x1028, subsystemDevice: 0x0001);
        using var stuck = new StuckSysfs(new FileSystemSysfs(new FileSystem(), _fake.Root));

        AssertIds(PassthroughHost.From(stuck, _fake.Root, null).Capture(CaptureOptions.DevicesOnly).Devices[0]);
    }

    [Theory]
    [InlineData("modalias")]
    [InlineData("modalias", "vendor")]
    [InlineData("modalias", "vendor", "device", "class", "subsystem_vendor", "subsystem_device")]
    public void A_tree_without_modalias_is_read_file_by_file(params string[] missing)
    {
        _fake.AddPciDevice("0000:00:02.0", 0x8086, 0x10d3, 0x020000, "e1000e", subsystemVendor: 0x1028, subsystemDevice: 0x0001);
        foreach (var file in missing)
        {
            _fake.Remove($"/sys/bus/pci/devices/0000:00:02.0/{file}");
        }

        AssertIds(Capture().Devices[0]);
    }

    [Fact]
    public void A_tree_without_links_has_the_driver_in_uevent()
    {
        _fake.AddPciDevice("0000:00:02.0", driver: "e1000e");
        foreach (var file in (string[])["modalias", "vendor", "driver"])
        {
            _fake.Remove($"/sys/bus/pci/devices/0000:00:02.0/{file}");
        }

        Assert.Equal("e1000e", Capture().Devices[0].Driver);
    }

    [Fact]
    public void A_tree_with_nothing_but_modalias_still_has_ids()
    {
        _fake.AddPciDevice("0000:00:02.0", 0x8086, 0x10d3, 0x020000, "e1000e", subsystemVendor: 0x1028, subsystemDevice: 0x0001);
        foreach (var file in (string[])["uevent", "vendor", "device", "class", "subsystem_vendor", "subsystem_device"])
        {
            _fake.Remove($"/sys/bus/pci/devices/0000:00:02.0/{file}");
        }

        AssertIds(Capture().Devices[0]);
    }

    [Fact]
    public void A_kernel_without_a_revision_file_has_it_in_the_header()
    {
        _fake.AddPciDevice("0000:00:02.0", revision: 0x21).Remove("/sys/bus/pci/devices/0000:00:02.0/revision");

        Assert.Equal((byte)0x21, Capture().Devices[0].Revision);
    }

    [Fact]
    public void A_device_that_vanishes_is_noted_and_no_error()
    {
        _fake.AddPciDevice("0000:00:02.0").AddPciDevice("0000:00:03.0").Remove(_fake.DevicePath("0000:00:02.0"));

        var snapshot = Capture();

        Assert.Equal("0000:00:03.0", Assert.Single(snapshot.Devices.AsEnumerable()).Address.ToString());
        var unread = Assert.Single(snapshot.Unread);
        Assert.Equal(("/sys/bus/pci/devices/0000:00:02.0", "disappeared while it was read"), (unread.Path, unread.Reason));
    }

    [Fact]
    public void A_name_that_is_no_address_is_noted()
    {
        _fake.AddDirectory("/sys/bus/pci/devices/rubbish");

        Assert.Equal("not a PCI address", Assert.Single(Capture().Unread).Reason);
    }

    [Fact]
    public void Rubbish_in_the_files_is_unknown_and_no_error()
    {
        _fake.AddPciDevice("0000:00:02.0");
        foreach (var file in Directory.GetFiles(_fake.PathOf(_fake.DevicePath("0000:00:02.0"))))
        {
            File.WriteAllText(file, "PCI_ID=zz:\nPCI_CLASS=fffffffff\n=\n\0\u00ff");
        }

        var device = Capture().Devices[0];

        Assert.Null(device.VendorId);
        Assert.Null(device.ClassCode);
        Assert.Null(device.NumaNode);
        Assert.Null(device.Revision);
    }

    [Fact]
    public void A_host_without_PCI_is_known_to_have_none()
    {
        _fake.Remove("/sys/bus/pci");

        var snapshot = Capture();

        Assert.Empty(snapshot.Devices.AsEnumerable());
        Assert.Equal(FactState.Absent, snapshot.Devices.State);
    }

    [Fact]
    public void A_device_that_is_not_there_is_a_typed_error_that_says_what_is()
    {
        _fake.AddPciDevice("0000:01:00.0");
        var devices = Capture().Devices;

        var error = Assert.Throws<DeviceNotFoundException>(() => devices[PciAddress.Parse("0000:01:00.1")]);

        Assert.Equal(PciAddress.Parse("0000:01:00.1"), error.Address);
        Assert.Contains("its slot has 0000:01:00.0", error.Message, StringComparison.Ordinal);
        Assert.False(devices.TryGet(PciAddress.Parse("0000:01:00.1"), out _));
    }

    [Fact]
    public void Domains_may_be_wider_than_16_bits()
    {
        _fake.AddPciDevice("10000:00:00.0").AddPciDevice("0000:00:00.0");

        Assert.Equal(["0000:00:00.0", "10000:00:00.0"], Capture().Devices.AsEnumerable().Select(d => d.Address.ToString()));
    }

    [Fact]
    public void Hundreds_of_devices_are_read_whole_and_in_order()
    {
        var addresses = Enumerable.Range(0, 300).Select(i => new PciAddress(0, (byte)(i / 32), (byte)(i % 32), 0).ToString()).ToArray();
        foreach (var address in addresses)
        {
            _fake.AddPciDevice(address, driver: "virtio-pci");
        }

        var devices = Capture().Devices;

        Assert.Equal(addresses, devices.AsEnumerable().Select(d => d.Address.ToString()));
        Assert.All(devices.AsEnumerable(), d => Assert.Equal("virtio-pci", d.Driver));
    }

    [Fact]
    public void The_rest_of_the_host_is_read_only_when_asked_for()
    {
        _fake.WriteFile("/proc/cmdline", "quiet\n");
        var host = PassthroughHost.At(_fake.Root);

        Assert.True(host.Capture().System.Kernel.CommandLine.IsKnown);
        Assert.True(host.Capture(CaptureOptions.DevicesOnly).System.Kernel.CommandLine.IsUnknown);
    }

    [Fact]
    public void The_time_of_the_capture_is_the_clocks()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);

        Assert.Equal(DateTimeOffset.UnixEpoch, PassthroughHost.At(_fake.Root, time).Capture().CapturedAt);
    }

    [Fact]
    public void A_root_that_is_not_there_is_a_typed_error()
    {
        var error = Assert.Throws<HostSourceException>(() => PassthroughHost.At("/nowhere/at/all"));

        Assert.Equal("/nowhere/at/all", error.HostSource);
        Assert.Contains("no such file", error.Message, StringComparison.Ordinal);
    }

    private static void AssertIds(PciDevice device)
    {
        Assert.Equal("020000", device.ClassCode.ToString());
        Assert.Equal(((ushort)0x8086, (ushort)0x10d3), (device.VendorId, device.DeviceId));
        Assert.Equal(((ushort)0x1028, (ushort)0x0001), (device.SubsystemVendorId, device.SubsystemDeviceId));
        Assert.Equal("e1000e", device.Driver);
    }

    private HostSnapshot Capture(bool portable = false) =>
        (portable ? PassthroughHost.Over(new FileSystem(), _fake.Root) : PassthroughHost.At(_fake.Root)).Capture();
}
