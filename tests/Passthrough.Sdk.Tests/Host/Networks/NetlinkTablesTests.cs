using System.Net;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Sysfs.Netlink;
using static Passthrough.Sdk.Tests.Host.Networks.NetlinkBytes;

namespace Passthrough.Sdk.Tests.Host.Networks;

/// <summary>The kernel's answers, byte by byte.</summary>
public sealed class NetlinkTablesTests
{
    [Fact]
    public void Links_have_their_kind_master_lower_and_parent()
    {
        byte[] answer =
        [
            .. Link(2, "enp1s0", true, 1, Attribute(1, [0x52, 0x54, 0, 1, 2, 3]), Attribute(10, Number(5)), Attribute(56, Text("0000:01:00.0")), Attribute(57, Text("pci")),
                Attribute(43, Attribute(2, [4]))),
            .. Link(3, "enp1s0.7", false, 1, Attribute(5, Number(2)), Kind("vlan", Attribute(1, [7, 0]))),
            .. Link(4, "mv0", true, 1, Attribute(5, Number(2)), Attribute(37, Number(3)), Kind("macvlan")),
            .. Link(6, "vx0", true, 1, Kind("vxlan", Attribute(3, Number(2)), Attribute(4, Ip("192.0.2.7")))),
            .. Link(7, "gre1", true, 778, Attribute(1, Ip("192.0.2.7")), Attribute(5, Number(0)), Kind("gre")),
            .. Link(8, "gre0", true, 778, Attribute(1, Ip("0.0.0.0")), Kind("gre")),
            .. Link(9, "veth0", true, 1, Attribute(5, Number(10)), Kind("veth")),
        ];

        var links = NetlinkTables.Links(answer);

        Assert.Equal(new NetworkLink(2, "enp1s0") { IsUp = true, Master = 5, Parent = "/sys/bus/pci/devices/0000:01:00.0", HasXdp = true, Filters = links[0].Filters }, links[0]);
        Assert.Equal((2, "vlan", false, true), (links[1].Lower, links[1].Kind, links[1].IsUp, links[1].IsStacked));
        Assert.Equal((2, 3, true), (links[2].Lower, links[2].LowerNumber, links[2].IsStacked));
        Assert.Equal((2, IPAddress.Parse("192.0.2.7")), (links[3].Lower, links[3].TunnelEnd));
        Assert.Equal(IPAddress.Parse("192.0.2.7"), links[4].TunnelEnd);
        Assert.Null(links[5].TunnelEnd);
        Assert.False(links[6].IsStacked);
    }

    [Fact]
    public void Addresses_are_the_hosts_own_and_not_those_of_the_other_end()
    {
        var addresses = NetlinkTables.Addresses((byte[])[.. Address(2, "192.0.2.7", 24), .. Address(3, "10.0.0.1", 32, 0x80, peer: "10.0.0.2"), .. Address(2, "2001:db8::7", 64, 0)]);
        Assert.Equal(["192.0.2.7", "10.0.0.1", "2001:db8::7"], addresses.Select(a => a.Address.ToString()));
        Assert.Equal([false, false, true], addresses.Select(a => a.IsLearned));
    }

    [Fact]
    public void Routes_have_their_table_and_all_interfaces_of_a_multipath()
    {
        byte[] answer =
        [
            .. Route(2, 0, 254, 3, 1, Attribute(4, Number(2)), Attribute(5, Ip("192.0.2.1"))),
            .. Route(2, 24, 252, 4, 1, Attribute(1, Ip("198.51.100.0")), Attribute(15, Number(1000)), Attribute(9, [16, 0, 0, 0, .. Number(3), .. Attribute(5, Ip("192.0.2.1")), 8, 0, 0, 0, .. Number(4)])),
            .. Route(10, 0, 254, 9, 1, Attribute(4, Number(2)), Attribute(5, Ip("fe80::1"))),
            .. Route(2, 32, 255, 2, 2, Attribute(1, Ip("192.0.2.7")), Attribute(4, Number(2))),
            .. Route(28, 20, 254, 3, 1, Attribute(4, Number(2))),
        ];

        var routes = NetlinkTables.Routes(answer);

        Assert.Equal(["default", "198.51.100.0/24", "default"], routes.Select(route => route.Target));
        Assert.Equal([3, 4], routes[1].Indexes);
        Assert.Equal(1000u, routes[1].Table);
        Assert.True(routes[2] is { IsLearned: true, IsV6: true });
    }

    [Fact]
    public void Rules_name_the_interfaces_they_ask_for()
    {
        var rule = Assert.Single(NetlinkTables.Rules(Rule(2, 0, Attribute(6, Number(1000)), Attribute(3, Text("enp1s0")), Attribute(15, Number(100)))));
        Assert.Equal(new NetworkRule(false, 1000, 100, "enp1s0", null), rule);
    }

    [Fact]
    public void Redirections_name_the_interface_that_packets_are_sent_into()
    {
        byte[] Mirred(int index) =>
            Attribute(1, [.. Attribute(1, Text("mirred")), .. Attribute(2, [.. Attribute(1, new byte[8]), .. Attribute(2, [.. new byte[24], .. Number(index)])])]);
        byte[] answer = [.. Message(50, [0, 0, 0, 0, .. Attribute(1, [.. Mirred(2), .. Mirred(7), .. Mirred(2)])]), .. Message(50, [0, 0, 0, 0, .. Attribute(1, Attribute(1, Attribute(2, Attribute(2, new byte[8]))))])];
        Assert.Equal([2, 7], NetlinkTables.RedirectTargets(answer));
    }

    [Fact]
    public void Sockets_without_an_interface_or_a_connection_say_nothing()
    {
        byte[] answer =
        [
            .. Socket(10, 0, "0.0.0.0", 22, "0.0.0.0", 0, 1),
            .. Socket(1, 0, "192.0.2.7", 22, "192.0.2.9", 50000, 2),
            .. Socket(7, 2, "0.0.0.0", 67, "0.0.0.0", 0, 3),
            .. Socket(1, 0, "::ffff:192.0.2.7", 22, "::ffff:192.0.2.8", 50001, 4),
        ];

        var sockets = NetlinkTables.Sockets(answer, "tcp");

        Assert.Equal([2u, 3u, 4u], sockets.Select(socket => socket.Inode));
        Assert.Equal("192.0.2.9:50000", sockets[0].Remote!.ToString());
        Assert.Null(sockets[1].Remote);
        Assert.Equal("192.0.2.7:22", sockets[2].Local!.ToString());
    }

    [Fact]
    public void Questions_have_the_sizes_that_the_kernel_asks_for()
    {
        Assert.All<byte[]>([NetlinkRequest.Links(), NetlinkRequest.Addresses(), NetlinkRequest.Routes(), NetlinkRequest.Rules(), NetlinkRequest.Queueing(), NetlinkRequest.NamespaceId(5), NetlinkRequest.Sockets(2, 6), NetlinkRequest.XdpSockets()],
            request => Assert.Equal((uint)request.Length, BitConverter.ToUInt32(request)));
        Assert.True(NetlinkRequest.IsAboutSockets(NetlinkRequest.Sockets(2, 6)));
        Assert.False(NetlinkRequest.IsAboutSockets(NetlinkRequest.Links()));
        Assert.Equal(72, NetlinkRequest.Sockets(2, 6).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_bytes_nothing_throws(int seed)
    {
        var random = new Random(seed);
        byte[] sound =
        [
            .. Link(2, "enp1s0", true, 778, Attribute(1, Ip("192.0.2.7")), Attribute(10, Number(5)), Attribute(43, Attribute(2, [4])), Kind("vxlan", Attribute(3, Number(2)))),
            .. Address(2, "192.0.2.7", 24), .. Address(2, "2001:db8::7", 64, 0),
            .. Route(2, 24, 252, 4, 1, Attribute(1, Ip("198.51.100.0")), Attribute(9, [8, 0, 0, 0, .. Number(4)]), Attribute(18, [10, 0, .. Ip("fe80::1")])),
            .. Rule(2, 0, Attribute(3, Text("enp1s0"))), .. Socket(1, 2, "192.0.2.7", 22, "192.0.2.9", 50000, 2),
        ];
        for (var i = 0; i < 3000; i++)
        {
            var bytes = i % 3 == 0 ? new byte[random.Next(200)] : [.. sound.AsSpan(0, random.Next(sound.Length + 1))];
            if (i % 3 == 0)
            {
                random.NextBytes(bytes);
            }

            for (var change = random.Next(8); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            _ = NetlinkTables.Links(bytes);
            _ = NetlinkTables.Addresses(bytes);
            foreach (var route in NetlinkTables.Routes(bytes))
            {
                _ = (route.Target, route.IsOfTheLink);
            }

            _ = NetlinkTables.Rules(bytes);
            _ = NetlinkTables.Queueing(bytes);
            _ = NetlinkTables.Sockets(bytes, "udp");
            _ = NetlinkTables.XdpSockets(bytes);
        }

        Assert.NotEmpty(NetlinkTables.Links(sound));
    }
}
