using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Sysfs.Netlink;
using static Passthrough.Sdk.Tests.Host.Networks.NetlinkBytes;

namespace Passthrough.Sdk.Tests.Host.Networks;

/// <summary>The virtual functions of an interface, from the bytes that the kernel writes (net/core/rtnetlink.c, rtnl_fill_vfinfo).</summary>
public sealed class VirtualFunctionTableTests
{
    private const string Nic = "0000:01:00.0";

    [Fact]
    public void Every_setting_is_read()
    {
        var read = VirtualFunctionTable.Parse(Answer(2, Function(0), Function(1, mac: "52:54:00:12:34:56", vlan: 100, priority: 3, protocol: 0x88a8, spoof: 0, state: 2, minimum: 10, maximum: 1000, trust: 1)));

        Assert.Equal(
            [
                new InterfaceVirtualFunction
                {
                    Index = 0, MacAddress = "00:00:00:00:00:00", Vlan = VlanTag.None, ChecksSpoofing = true, IsTrusted = false,
                    LinkState = VirtualFunctionLinkState.Auto, MinimumTransmitRate = 0, MaximumTransmitRate = 0,
                },
                new InterfaceVirtualFunction
                {
                    Index = 1, MacAddress = "52:54:00:12:34:56", Vlan = new VlanTag(100, 3) { IsServiceTag = true }, ChecksSpoofing = false, IsTrusted = true,
                    LinkState = VirtualFunctionLinkState.Disabled, MinimumTransmitRate = 10, MaximumTransmitRate = 1000,
                },
            ],
            read.Value);
        Assert.Equal("100 qos 3 proto 802.1ad", read.Value[1].Vlan!.ToString());
    }

    [Fact]
    public void What_a_driver_does_not_report_is_unknown_and_not_off()
    {
        var function = Assert.Single(VirtualFunctionTable.Parse(Answer(1, Function(0, spoof: uint.MaxValue, trust: uint.MaxValue))).Value);
        Assert.Null(function.ChecksSpoofing);
        Assert.Null(function.IsTrusted);
    }

    [Fact]
    public void A_device_that_cannot_have_virtual_functions_has_no_count_and_one_without_any_has_0()
    {
        Assert.True(VirtualFunctionTable.Parse(Link(2, "eth0")).IsAbsent);
        Assert.Empty(VirtualFunctionTable.Parse(Answer(0)).Value);
    }

    [Fact]
    public void A_driver_that_reports_none_or_a_few_leaves_them_unknown()
    {
        Assert.Contains("driver does not report", VirtualFunctionTable.Parse(Link(2, "eth0", true, 1, Attribute(21, Number(2)))).Reason, StringComparison.Ordinal);
        Assert.Contains("1 of 2", VirtualFunctionTable.Parse(Answer(2, Function(0))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hardware_address_of_another_kind_of_interface_is_no_MAC_address() =>
        Assert.Null(Assert.Single(VirtualFunctionTable.Parse(Link(2, "ib0", true, 32, Attribute(21, Number(1)), Attribute(22, Function(0)))).Value).MacAddress);

    [Fact]
    public void Whatever_the_bytes_nothing_throws()
    {
        var random = new Random(7);
        var sound = Answer(2, Function(0), Function(1));
        for (var i = 0; i < 3000; i++)
        {
            var bytes = sound.ToArray();
            for (var change = random.Next(1, 20); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            _ = VirtualFunctionTable.Parse(bytes.AsMemory(0, random.Next(bytes.Length)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_a_device_that_can_have_virtual_functions_is_asked(bool canHave)
    {
        var files = new MemorySysfs()
            .Add($"/sys/devices/pci0000:00/{Nic}/net/eth0/ifindex", "2\n")
            .AddLink("/sys/class/net/eth0", $"../../devices/pci0000:00/{Nic}/net/eth0");
        if (canHave)
        {
            files.Add($"/sys/bus/pci/devices/{Nic}/sriov_numvfs", "1\n");
        }

        var netlink = new FakeNetlink()
            .Answer("", FakeNetlink.Links, Link(2, "eth0", true, 1, Attribute(56, Text(Nic)), Attribute(57, Text("pci"))))
            .Answer("", FakeNetlink.OneLink, Answer(1, Function(0, vlan: 7)));

        var state = LiveNetworkReader.Read(files, netlink, withSockets: false);

        Assert.Equal(canHave ? 1 : 0, netlink.Asked.Count(question => question == $" {FakeNetlink.OneLink}"));
        Assert.Equal(canHave, state.Value!.Own.Links[0].VirtualFunctions.IsKnown);
        Assert.Equal(!canHave, state.Value!.Own.Links[0].VirtualFunctions.IsAbsent);
    }

    [Fact]
    public void The_question_is_about_one_interface_with_its_virtual_functions_and_without_counters() =>
        Assert.Equal(
            [40, 0, 0, 0, 18, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 29, 0, 9, 0, 0, 0],
            NetlinkRequest.VirtualFunctionsOf(7));

    private static byte[] Answer(int count, params byte[][] functions) => Link(2, "eth0", true, 1, Attribute(21, Number(count)), Attribute(22, functions));

    private static byte[] Function(
        uint index, string mac = "00:00:00:00:00:00", uint vlan = 0, uint priority = 0, ushort protocol = 0x8100, uint spoof = 1, uint state = 0, uint minimum = 0, uint maximum = 0, uint trust = 0) =>
        Attribute(
            1,
            Attribute(1, Numbers(index), [.. mac.Split(':').Select(part => Convert.ToByte(part, 16)), .. new byte[26]]),
            Attribute(13, new byte[32]),
            Attribute(2, Numbers(index, vlan, priority)),
            Attribute(6, Numbers(index, minimum, maximum)),
            Attribute(3, Numbers(index, maximum)),
            Attribute(4, Numbers(index, spoof)),
            Attribute(5, Numbers(index, state)),
            Attribute(9, Numbers(index, trust)),
            Attribute(12, Attribute(1, Numbers(index, vlan, priority), [(byte)(protocol >> 8), (byte)(protocol & 0xff), 0, 0])));

    private static byte[] Numbers(params uint[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
}
