using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;
using Passthrough.Sdk.Tests.Pci;

namespace Passthrough.Sdk.Tests.Host;

/// <summary>A dump where a root is expected: what it holds is known, everything else is unknown.</summary>
public sealed class LspciDumpSourceTests : IDisposable
{
    private const string Dump = """
        00:1c.0 PCI bridge: somebody's root port (rev f1)
        00: 86 80 10 9d 07 04 10 00 f1 00 04 06 10 00 81 00
        10: 00 00 00 00 00 00 00 00 00 02 02 00 f0 00 00 20
        20: 00 dc 00 dc f1 ff 01 00 00 00 00 00 00 00 00 00
        30: 00 00 00 00 40 00 00 00 00 00 00 00 ff 01 00 00
        40: 0d 00 00 00 aa 17 5a 22

        10000:02:00.0 Non-Volatile memory controller: a disk behind VMD
        00: 4d 14 08 a8 06 04 10 00 00 02 08 01 10 00 00 00
        10: 04 00 00 dc 01 00 00 00 00 00 00 00 00 00 00 00
        20: 01 e0 00 00 00 00 00 00 00 00 00 00 4d 14 01 a8
        30: 00 00 10 dc 40 00 00 00 00 00 00 00 ff 01 00 00

        02:00.0 Non-Volatile memory controller: a disk
        	Subsystem: text that is not read: 12 34
        00: 4d 14 08 a8 06 04 10 00 00 02 08 01 10 00 00 00
        10: 04 00 00 dc 01 00 00 00 00 00 00 00 00 00 00 00
        20: 01 e0 00 00 00 00 00 00 00 00 00 00 4d 14 01 a8
        30: 00 00 10 dc 40 00 00 00 00 00 00 00 ff 01 00 00

        03:00.0 something that is gone
        00: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
        10: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
        20: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
        30: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff

        """;

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    private HostSnapshot Capture(CaptureOptions? options = null)
    {
        File.WriteAllText(_path, Dump);
        return PassthroughHost.At(_path).Capture(options);
    }

    [Fact]
    public void The_functions_of_a_dump_are_the_functions_of_the_host()
    {
        var snapshot = Capture(CaptureOptions.DevicesOnly);

        Assert.Equal(["0000:00:1c.0", "0000:02:00.0", "0000:03:00.0", "10000:02:00.0"], snapshot.Devices.Select(device => device.Address.ToString()));
        var disk = snapshot.Devices[PciAddress.Parse("10000:02:00.0")];
        Assert.Equal((ushort)0x144d, disk.VendorId);
        Assert.Equal((ushort)0xa808, disk.DeviceId);
        Assert.Equal((ushort)0xa801, disk.SubsystemDeviceId);
        Assert.Equal("010802", disk.ClassCode.ToString());
        Assert.Equal((byte)0, disk.Revision);
    }

    [Fact]
    public void The_card_of_a_bridge_comes_from_its_subsystem_capability()
    {
        var bridge = Capture(CaptureOptions.DevicesOnly).Devices[0];

        Assert.Equal((ushort)0x17aa, bridge.SubsystemVendorId);
        Assert.Equal((ushort)0x225a, bridge.SubsystemDeviceId);
        Assert.Equal((byte)0xf1, bridge.Revision);
    }

    [Fact]
    public void What_a_dump_does_not_hold_is_null_or_unknown_and_never_no()
    {
        var snapshot = Capture();
        var disk = snapshot.Devices[1];

        Assert.Null(disk.Driver);
        Assert.Null(disk.IommuGroupId);
        Assert.Null(disk.NumaNode);
        Assert.Equal(FactState.Unknown, snapshot.IommuGroups.State);
        Assert.Empty(snapshot.IommuGroups);
    }

    [Fact]
    public void A_function_that_answers_all_ones_is_there_without_ids()
    {
        var gone = Capture(CaptureOptions.DevicesOnly).Devices[PciAddress.Parse("0000:03:00.0")];

        Assert.Null(gone.VendorId);
        Assert.Null(gone.ClassCode);
    }

    [Fact]
    public void The_details_have_the_configuration_space_the_bars_without_sizes_and_the_bridges()
    {
        var address = PciAddress.Parse("0000:02:00.0");
        var details = Capture(new CaptureOptions { DetailsOf = [address] }).Devices[address].Details!;

        Assert.True(details.Configuration!.IsTruncated);
        Assert.IsType<DeviceHeader>(details.Configuration.Header);
        Assert.Equal([0, 4, 6], details.Bars!.Value.Select(bar => bar.Index));
        Assert.Equal([0x1dc000000, 0xe000, 0xdc100000], details.Bars.Value.Select(bar => bar.Address!.Value));
        Assert.All(details.Bars.Value, bar => Assert.Null(bar.Size));
        Assert.Equal(["0000:00:1c.0"], details.Bridges.Select(bridge => bridge.ToString()));
        Assert.Null(details.ResetMethods);
    }

    [Fact]
    public void Every_dump_of_pciutils_has_the_ids_that_lspci_tells()
    {
        foreach (var path in Directory.EnumerateFiles(Corpora.Require("pciutils")).Where(path => Path.GetFileName(path) != "COPYING"))
        {
            var devices = PassthroughHost.At(path).Capture(new CaptureOptions { AllDetails = true }).Devices;

            var blocks = Lspci.Run("-F", path, "-D", "-vmmn").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(blocks.Length, devices.Count);
            foreach (var (block, device) in blocks.Zip(devices))
            {
                var told = block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(":\t")).ToDictionary(pair => pair[0], pair => pair[1]);
                Assert.Equal(told["Slot"], device.Address.ToString());
                Assert.Equal(told["Class"], device.ClassCode.ToString()![..4]);
                Assert.Equal(told["Vendor"], $"{device.VendorId:x4}");
                Assert.Equal(told["Device"], $"{device.DeviceId:x4}");
                Assert.Equal(told.GetValueOrDefault("Rev", "00"), $"{device.Revision:x2}");
                Assert.Equal(told.GetValueOrDefault("ProgIf", "00"), device.ClassCode.ToString()![4..]);

                // Not every version of lspci takes a bridge's ids from its subsystem capability.
                if (told.TryGetValue("SVendor", out var card))
                {
                    Assert.Equal(card, $"{device.SubsystemVendorId:x4}");
                    Assert.Equal(told["SDevice"], $"{device.SubsystemDeviceId:x4}");
                }

                Assert.NotNull(device.Details!.Configuration);
                Assert.All(device.Details.Bars!.Value, bar => Assert.Null(bar.Size));
            }
        }
    }

    [Fact]
    public void A_file_that_is_no_dump_is_refused_with_the_reason()
    {
        File.WriteAllText(_path, "hello\n");

        var error = Assert.Throws<HostSourceException>(() => PassthroughHost.At(_path));
        Assert.Contains("lspci", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_line_is_named()
    {
        File.WriteAllText(_path, "00:00.0 x\n00: 86 80 zz\n");

        var error = Assert.Throws<HostSourceException>(() => PassthroughHost.At(_path));
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
    }
}
