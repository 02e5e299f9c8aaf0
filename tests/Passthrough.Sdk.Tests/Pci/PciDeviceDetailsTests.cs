using System.IO.Abstractions;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Details;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Sysfs;

namespace Passthrough.Sdk.Tests.Pci;

public sealed class PciDeviceDetailsTests : IDisposable
{
    private const string Nic = "0000:01:00.0";

    private readonly FakeHost _fake = FakeHost.Create()
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, subordinateBus: 3)
        .AddPciDevice(Nic, 0x8086, 0x10d3, driver: "e1000e", parent: "0000:00:1c.0");

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void Details_are_read_only_for_the_functions_asked_for()
    {
        var snapshot = PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { DetailsOf = [PciAddress.Parse(Nic), PciAddress.Parse("0000:09:00.0")] });

        Assert.NotNull(snapshot.Devices[PciAddress.Parse(Nic)].Details);
        Assert.Null(snapshot.Devices[PciAddress.Parse("0000:00:1c.0")].Details);
        Assert.All(PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { AllDetails = true }).Devices.AsEnumerable(), d => Assert.NotNull(d.Details));
    }

    [Fact]
    public void What_a_plain_function_does_not_have_is_null_or_empty()
    {
        var details = Details(Nic);

        Assert.Null(details.DriverOverride);
        Assert.Null(details.Link);
        Assert.Null(details.Sriov);
        Assert.Null(details.ResetMethods);
        Assert.Null(details.SecondaryBus);
        Assert.Null(details.IsBootVga);
        Assert.Empty(details.Bars!.Value);
        Assert.Empty(details.MediatedDeviceTypes);
        Assert.Equal(256, details.Configuration!.Bytes.Length);
    }

    /// <summary>driver_override and sriov_numvfs are read under the device's lock, which a driver that takes the device holds.</summary>
    [Fact]
    public void A_device_whose_lock_is_held_is_captured_all_the_same()
    {
        Write("sriov_totalvfs", "4\n").Write("sriov_numvfs", "0\n");
        var (details, unread) = DetailsOfStuck();

        Assert.Null(details.DriverOverride);
        Assert.Null(details.Sriov!.VirtualFunctions);
        Assert.Equal(256, details.Configuration!.Bytes.Length);
        Assert.Equal(["driver_override", "sriov_numvfs"], unread.Where(source => source.Reason.Contains("does not release", StringComparison.Ordinal)).Select(Name));
    }

    /// <summary>The kernel takes the link away first; a read of what is under the lock, once begun, would outlive the process.</summary>
    [Theory]
    [InlineData("1\n", null)]
    [InlineData("0\n", "msi_irqs/33")]
    public void Of_a_device_whose_driver_is_letting_go_nothing_is_read_that_waits_for_it(string enable, string? interrupt)
    {
        Write("enable", enable).Write(interrupt ?? "irq", "msi\n");
        _fake.Remove($"/sys/bus/pci/devices/{Nic}/driver");
        var (details, unread) = DetailsOfStuck();

        Assert.True(details.IsBeingReleased);
        Assert.Null(details.DriverOverride);
        var source = Assert.Single(unread, source => Name(source) == "driver_override");
        Assert.Contains("releasing", source.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_with_a_driver_and_one_that_is_free_are_not_being_released()
    {
        Assert.False(Details(Nic).IsBeingReleased);
        Write("enable", "0\n");
        _fake.Remove($"/sys/bus/pci/devices/{Nic}/driver");
        Assert.False(Details(Nic).IsBeingReleased);
        _fake.Remove($"/sys/bus/pci/devices/{Nic}/enable").Remove($"/sys/bus/pci/devices/{Nic}/irq");
        Assert.Null(Details(Nic).IsBeingReleased);
    }

    private static string Name(UnreadSource source) => source.Path[(source.Path.LastIndexOf('/') + 1)..];

    private (PciDeviceDetails Details, ValueList<UnreadSource> Unread) DetailsOfStuck()
    {
        using var stuck = new StuckSysfs(new FileSystemSysfs(new FileSystem(), _fake.Root));
        var snapshot = PassthroughHost.From(stuck, _fake.Root, null).Capture(new CaptureOptions { DetailsOf = [PciAddress.Parse(Nic)], System = false });
        return (snapshot.Devices[PciAddress.Parse(Nic)].Details!, snapshot.Unread);
    }

    [Fact]
    public void Vital_product_data_are_read_on_request_only()
    {
        _fake.WriteFile($"/sys/bus/pci/devices/{Nic}/vpd", [0x82, 2, 0, (byte)'a', (byte)'b', 0x78]);

        var asked = PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { DetailsOf = [PciAddress.Parse(Nic)], VitalProductData = true });

        Assert.Equal("ab", asked.Devices[PciAddress.Parse(Nic)].Details!.VitalProductData!.Name);
        Assert.Null(Details(Nic).VitalProductData);
    }

    [Fact]
    public void Texts_numbers_and_flags_are_those_of_the_files()
    {
        Write("driver_override", "vfio-pci\n").Write("enable", "2\n").Write("irq", "16\n").Write("msi_irqs/33", "msix\n").Write("msi_irqs/28", "msix\n")
            .Write("acpi_index", "1\n").Write("label", "Onboard LAN\n").Write("boot_vga", "1\n").Write("removable", "fixed\n");
        _fake.WriteFile("/sys/bus/pci/slots/3-1/address", "0000:01:00\n").WriteFile("/sys/bus/pci/slots/4/address", "0000:02:00\n");

        var details = Details(Nic);

        Assert.Equal("vfio-pci", details.DriverOverride);
        Assert.Equal((true, 16), (details.IsEnabled, details.Interrupt));
        Assert.Equal([28, 33], details.MessageInterrupts!.Value);
        Assert.Equal((1, "Onboard LAN", true, false), (details.AcpiIndex, details.Label, details.IsBootVga, details.IsRemovable));
        Assert.Equal("3-1", details.PhysicalSlot);
        Assert.Equal("0-1", details.LocalCpus);
    }

    [Fact]
    public void Bars_have_type_address_size_and_width()
    {
        Write("resource", """
            0x00000000fe400000 0x00000000fe41ffff 0x0000000000040200
            0x0000000000000000 0x0000000000000000 0x0000000000000000
            0x000000000000c000 0x000000000000c01f 0x0000000000040101
            0x0000008000000000 0x00000083ffffffff 0x000000000014220c
            0x0000000000000000 0x0000000000000000 0x0000000000000000
            0x0000000000000000 0x0000000000003fff 0x0000000020040200
            0x00000000fe440000 0x00000000fe47ffff 0x0000000000046200
            0x0000000000001000 0x0000000000001fff 0x0000000000000101
            """).Write("resource3_resize", "00000000000fc000\n");

        var bars = Details(Nic).Bars!.Value;

        Assert.Equal(
            [
                (0, PciBarType.Memory, 0xfe400000UL, 0x20000UL, false, 32),
                (2, PciBarType.Io, 0xc000UL, 0x20UL, false, 32),
                (3, PciBarType.Memory, 0x8000000000UL, 0x400000000UL, true, 64),
                (5, PciBarType.Memory, null, 0x4000UL, false, 32),
                (6, PciBarType.Rom, 0xfe440000UL, 0x40000UL, false, 32),
            ],
            bars.Select(b => (b.Index, b.Type, b.Address, b.Size, b.IsPrefetchable, b.Width)));
        Assert.Equal(16UL << 30, bars[2].PossibleSizes[0]);
        Assert.Equal(6, bars[2].PossibleSizes.Count);
    }

    [Theory]
    [InlineData("flr bus\n", "flr,bus")]
    [InlineData("\n", "")]
    public void Reset_methods_keep_their_order_and_none_is_not_unknown(string text, string methods)
    {
        Write("reset_method", text);

        Assert.Equal(methods, string.Join(',', Details(Nic).ResetMethods!.Value));
    }

    [Theory]
    [InlineData("8.0 GT/s PCIe\n", "4\n", 8.0, 4)]
    [InlineData("2.5 GT/s\n", "1\n", 2.5, 1)]
    [InlineData("Unknown\n", "0\n", null, 0)]
    public void A_link_has_its_speed_and_width(string speed, string width, double? gigatransfers, int? lanes)
    {
        Write("current_link_speed", speed).Write("current_link_width", width).Write("max_link_speed", "16.0 GT/s PCIe\n").Write("max_link_width", "255\n");

        Assert.Equal(new PciLink(gigatransfers, lanes, 16.0, null), Details(Nic).Link);
    }

    [Fact]
    public void A_physical_function_says_how_many_virtual_ones_it_can_have()
    {
        Write("sriov_totalvfs", "8\n").Write("sriov_numvfs", "2\n").Write("sriov_offset", "128\n").Write("sriov_stride", "2\n")
            .Write("sriov_vf_device", "10ca\n").Write("sriov_drivers_autoprobe", "0\n");

        Assert.Equal(new PciSriov(8, 2, 128, 2, 0x10ca, false), Details(Nic).Sriov);
    }

    [Fact]
    public void A_virtual_function_knows_which_it_is()
    {
        _fake.AddPciDevice("0000:01:10.0", physicalFunction: Nic).AddPciDevice("0000:01:10.2", physicalFunction: Nic);

        Assert.Equal(1, Details("0000:01:10.2").VirtualFunctionIndex);
    }

    [Fact]
    public void The_bridges_above_are_listed_from_the_root_port_down()
    {
        _fake.AddPciBridge("0000:01:01.0", secondaryBus: 2, parent: "0000:00:1c.0").AddPciDevice("0000:02:00.0", parent: "0000:01:01.0");

        Assert.Equal(["0000:00:1c.0", "0000:01:01.0"], Details("0000:02:00.0").Bridges.Select(b => b.ToString()));
        Assert.Empty(Details("0000:00:1c.0").Bridges);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bridge_has_the_buses_below_it(bool fromHeader)
    {
        if (fromHeader)
        {
            _fake.Remove("/sys/bus/pci/devices/0000:00:1c.0/secondary_bus_number").Remove("/sys/bus/pci/devices/0000:00:1c.0/subordinate_bus_number");
        }

        var details = Details("0000:00:1c.0");

        Assert.Equal(((byte)1, (byte)3), (details.SecondaryBus, details.SubordinateBus));
    }

    [Fact]
    public void Mediated_types_have_their_instances()
    {
        Write("mdev_supported_types/nvidia-35/name", "GRID V100\n").Write("mdev_supported_types/nvidia-35/device_api", "vfio-pci\n")
            .Write("mdev_supported_types/nvidia-35/available_instances", "3\n")
            .Write("mdev_supported_types/nvidia-35/devices/4b20d080-1b54-4048-85b3-a6a62d165c01/x", "");

        var type = Assert.Single(Details(Nic).MediatedDeviceTypes);

        Assert.Equal(("nvidia-35", "GRID V100", null, "vfio-pci", 3), (type.Id, type.Name, type.Description, type.DeviceApi, type.AvailableInstances));
        Assert.Equal(["4b20d080-1b54-4048-85b3-a6a62d165c01"], type.Instances);
    }

    [Fact]
    public void A_sleeping_function_is_not_woken()
    {
        Write("power_state", "D3cold\n");

        var snapshot = PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { DetailsOf = [PciAddress.Parse(Nic)] });

        Assert.Null(snapshot.Devices[PciAddress.Parse(Nic)].Details!.Configuration);
        Assert.Contains(snapshot.Unread, u => u.Path.EndsWith($"{Nic}/config", StringComparison.Ordinal) && u.Reason.Contains("D3cold", StringComparison.Ordinal));
    }

    [Fact]
    public void Rubbish_in_every_file_is_null_and_no_error()
    {
        foreach (var file in Directory.GetFiles(_fake.PathOf(_fake.DevicePath(Nic))))
        {
            File.WriteAllText(file, "rubbish 999999999999999999999 \0");
        }

        Write("resource", "a b c\n0x1 0x0 0x200\n0xffffffffffffffff 0xffffffffffffffff 0xffffffffffffffff\n").Write("secondary_bus_number", "300\n");

        var details = Details(Nic);

        Assert.Null(details.SecondaryBus);
        Assert.Null(details.IsEnabled);
    }

    private PciDeviceDetailsTests Write(string name, string content)
    {
        _fake.WriteAttribute(Nic, name, content);
        return this;
    }

    private PciDeviceDetails Details(string address) =>
        PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { DetailsOf = [PciAddress.Parse(address)] }).Devices[PciAddress.Parse(address)].Details!;
}
