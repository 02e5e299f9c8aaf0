using System.Collections.Immutable;
using System.Net;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Host.Networks;

/// <summary>Which use an interface is in, by its name, and the command that ends it.</summary>
public sealed class NetworkUseTests
{
    private const string Nic = "0000:01:00.0";
    private const string Start = "passthrough network 1\nnamespace id=1 own=yes\nlink index=1 name=lo up=yes\nlink index=2 name=enp1s0 up=yes parent=/sys/bus/pci/devices/0000:01:00.0\n";
    private const string LinkLocal = "address index=2 address=fe80::1 prefix=64 permanent=yes\nroute v6=yes destination=fe80:: prefix=64 table=254 indexes=2 protocol=2\n";
    private const string All = "others count=1\n";

    public static TheoryData<string, string, string> Uses => new()
    {
        { "link index=3 name=br0 kind=bridge up=yes\nlink index=9 name=vnet0 kind=tun master=3\nMASTER 3", "is in use: it is a port of the bridge br0 beside vnet0", "ip link set enp1s0 nomaster" },
        { "link index=3 name=bond0 kind=bond\nMASTER 3\nlink index=4 name=br0 kind=bridge\nMASTEROF bond0", "it is a port of the bond bond0, which is a port of the bridge br0", "ip link set enp1s0 nomaster" },
        { "link index=3 name=team0 kind=team\nMASTER 3", "it is a port of the team team0", "ip link set enp1s0 nomaster" },
        { "link index=3 name=red kind=vrf\nMASTER 3", "it is a port of the VRF red", "ip link set enp1s0 nomaster" },
        { "link index=3 name=ovs-system kind=openvswitch\nMASTER 3", "it is a port of the Open vSwitch datapath ovs-system", "ovs-vsctl del-port enp1s0" },
        { "link index=3 name=enp1s0.5 kind=vlan lower=2 master=4\nlink index=4 name=br5 kind=bridge", "the VLAN enp1s0.5, which is a port of the bridge br5, is built on it", "ip link del enp1s0.5" },
        { "link index=3 name=macvtap0 kind=macvtap lower=2", "the macvtap macvtap0 is built on it", "ip link del macvtap0" },
        { "link index=3 name=ipvl0 kind=ipvlan lower=2", "the ipvlan ipvl0 is built on it", "ip link del ipvl0" },
        { "link index=3 name=macsec0 kind=macsec lower=2", "the macsec macsec0 is built on it", "ip link del macsec0" },
        { "link index=3 name=vx0 kind=vxlan lower=2", "the VXLAN tunnel vx0 is built on it", "ip link del vx0" },
        { "address index=2 address=192.0.2.7 prefix=24 permanent=yes\nlink index=3 name=gre1 kind=gre end=192.0.2.7", "the gre tunnel gre1 ends at its address 192.0.2.7, and 1 more", "ip link del gre1; ip address del 192.0.2.7/24 dev enp1s0" },
        { "client kind=pppoe interface=enp1s0", "a PPPoE session runs over it", "poff" },
        { "client kind=netconsole interface=enp1s0 name=t1", "the kernel's messages go to another host over it (netconsole target t1)", "rmdir /sys/kernel/config/netconsole/t1" },
        { "client kind=netconsole interface=enp1s0", "the kernel's messages go to another host over it (the parameter netconsole)", "modprobe -r netconsole" },
        { "client kind=rdma interface=enp1s0 name=rxe0", "the RDMA device rxe0 runs over it", "rdma link delete rxe0" },
        { "redirect index=2", "filters of tc send packets into it (mirred)", "remove the filters of tc" },
        { "address index=2 address=192.0.2.7 prefix=24 permanent=yes\nroute destination=192.0.2.0 prefix=24 table=254 indexes=2 protocol=2", "it has the address 192.0.2.7/24", "ip address del 192.0.2.7/24 dev enp1s0" },
        { "route prefix=0 table=254 indexes=2 gateway=192.0.2.1 protocol=3", "the default route leads through it to 192.0.2.1", "ip route del default via 192.0.2.1 dev enp1s0" },
        { "route v6=yes prefix=0 table=254 indexes=2 gateway=2001:db8::1 protocol=3", "the IPv6 default route leads through it to 2001:db8::1", "ip -6 route del default via 2001:db8::1 dev enp1s0" },
        { "route prefix=0 table=100 indexes=2 protocol=3\nrule priority=1000 table=100", "the default route leads through it (routing table 100, which rule 1000 leads to)", "ip route del default dev enp1s0 table 100" },
        { "route destination=198.51.100.0 prefix=24 table=254 indexes=2 protocol=3", "the route 198.51.100.0/24 leads through it", "ip route del 198.51.100.0/24 dev enp1s0" },
        { "route destination=198.51.100.0 prefix=24 table=254 indexes=7,2 protocol=3", "the route 198.51.100.0/24 leads through it", "ip route del 198.51.100.0/24 dev enp1s0" },
        { "rule priority=1000 table=100 in=enp1s0", "the routing rule 1000 names it (iif enp1s0 lookup 100)", "ip rule del priority 1000 iif enp1s0 lookup 100" },
        { "XDP", "an XDP program handles the packets of it", "ip link set dev enp1s0 xdp off" },
        { "TC", "filters of tc handle the packets of it (clsact)", "tc qdisc del dev enp1s0 clsact" },
        { "address index=2 address=2001:db8::7 prefix=64\nroute v6=yes prefix=0 table=254 indexes=2 gateway=fe80::2 protocol=9", "it has the address 2001:db8::7/64, which it learned from the network, and 1 more", "ip link set enp1s0 down" },
        { "route v6=yes prefix=0 table=254 indexes=2 gateway=fe80::2 protocol=9\nlink index=3 name=macvtap0 kind=macvtap lower=2", "the macvtap macvtap0 is built on it, and 1 more", "ip link del macvtap0" },
        { "namespace id=2 name=blue\nlink index=5 name=mv0 kind=macvlan lower=2 lower-number=0 lower-namespace=1", "the macvlan mv0 in the network namespace blue is built on it", "ip netns exec blue ip link del mv0" },
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_use_refuses_the_device_by_its_right_name(string lines, string title, string remedy)
    {
        var finding = Assert.Single(Check(Text(lines)));
        Assert.Equal((FindingIds.DeviceHoldsActiveNetworkInterface, FindingSeverity.Error, false), (finding.Id, finding.Severity, finding.IsUndetermined));
        Assert.StartsWith($"the network interface enp1s0 on {Nic} is in use: ", finding.Title, StringComparison.Ordinal);
        Assert.Contains(title, finding.Title, StringComparison.Ordinal);
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Evidence);
    }

    [Fact]
    public void Several_uses_are_all_in_the_evidence_the_most_important_first()
    {
        var finding = Assert.Single(Check(Text("address index=2 address=192.0.2.7 prefix=24 permanent=yes\nroute prefix=0 table=254 indexes=2 gateway=192.0.2.1 protocol=3\nlink index=3 name=macvtap0 kind=macvtap lower=2")));
        Assert.Equal(
            ["the default route leads through it to 192.0.2.1", "the macvtap macvtap0 is built on it", "it has the address 192.0.2.7/24"],
            finding.Evidence.Select(evidence => evidence.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("address index=2 address=169.254.3.4 prefix=16 permanent=yes\nroute destination=169.254.0.0 prefix=16 table=254 indexes=2 protocol=2")]
    [InlineData("route v6=yes destination=ff00:: prefix=8 table=255 indexes=2 protocol=2")]
    [InlineData("address index=1 address=127.0.0.1 prefix=8 permanent=yes\nroute prefix=0 table=254 indexes=7\naddress index=7 address=192.0.2.7 prefix=24 permanent=yes")]
    [InlineData("link index=3 name=veth0 kind=veth lower=2")]
    [InlineData("rule priority=1000 table=100 in=enp2s0")]
    [InlineData("namespace id=2 name=blue\nlink index=5 name=mv0 kind=macvlan lower=2 lower-number=1 lower-namespace=3\nroute prefix=0 table=254 indexes=2")]
    public void An_interface_that_is_only_switched_on_is_a_warning(string lines)
    {
        var finding = Assert.Single(Check(Text(lines)));
        Assert.Equal((FindingIds.DeviceNetworkInterfaceUp, FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Contains("ip link set enp1s0 down", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_is_switched_off_is_free() => Assert.Empty(Check(Text("").Replace("name=enp1s0 up=yes", "name=enp1s0", StringComparison.Ordinal)));

    [Fact]
    public void The_address_of_an_interface_that_is_switched_off_is_a_warning()
    {
        var finding = Assert.Single(Check(Text("address index=2 address=192.0.2.7 prefix=24 permanent=yes").Replace("name=enp1s0 up=yes", "name=enp1s0", StringComparison.Ordinal)));
        Assert.Equal((FindingIds.DeviceNetworkInterfaceConfigured, FindingSeverity.Warning), (finding.Id, finding.Severity));
    }

    [Fact]
    public void What_stands_on_an_interface_that_is_switched_off_refuses_it_all_the_same() =>
        Assert.Equal(FindingSeverity.Error, Assert.Single(Check(Text("link index=3 name=macvtap0 kind=macvtap lower=2").Replace("name=enp1s0 up=yes", "name=enp1s0", StringComparison.Ordinal))).Severity);

    [Fact]
    public void A_network_driver_whose_interface_nobody_sees_is_undetermined()
    {
        using var host = FakeHost.Create().AddPciDevice(Nic, 0x8086, 0x10d3, 0x020000, "e1000e", 9).AddDirectory("/sys/class/net").AddDirectory("/sys/class/misc");
        var finding = Assert.Single(PassthroughHost.At(host.Root).Capture().CheckDevices([PciAddress.Parse(Nic)]), finding => finding.Id == FindingIds.DeviceHoldsActiveNetworkInterface);
        Assert.True(finding.IsUndetermined);
        Assert.Contains("these files do not describe other network namespaces", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void The_session_that_asks_is_named_first()
    {
        var use = Find(State([], SshSession.Parse("192.0.2.1 51000 192.0.2.7 22")))[0];
        Assert.Equal((NetworkUseKind.ThisSession, "the SSH connection of this session comes in through it (192.0.2.7)"), (use.Kind, use.Description));
    }

    [Theory]
    [InlineData("packet", 2, 0x0003, null, null, NetworkUseKind.Socket)]
    [InlineData("packet", 2, 0x88cc, null, null, NetworkUseKind.ConfigurationSocket)]
    [InlineData("packet", 3, 0x0003, null, null, null)]
    [InlineData("xdp", 2, 0, null, null, NetworkUseKind.Socket)]
    [InlineData("raw", 2, 58, null, null, NetworkUseKind.ConfigurationSocket)]
    [InlineData("udp", 2, 0, "0.0.0.0:68", null, NetworkUseKind.ConfigurationSocket)]
    [InlineData("udp", 2, 0, "0.0.0.0:5000", null, NetworkUseKind.Socket)]
    [InlineData("tcp", 0, 0, "192.0.2.7:22", "192.0.2.1:50000", NetworkUseKind.Connection)]
    [InlineData("tcp", 0, 0, "192.0.2.7:700", "192.0.2.1:2049", NetworkUseKind.Storage)]
    [InlineData("tcp", 0, 0, "192.0.2.7:22", "192.0.2.7:50000", null)]
    [InlineData("tcp", 0, 0, "198.51.100.1:22", "192.0.2.1:50000", null)]
    [InlineData("tcp", 2, 0, "[fe80::1]:22", "[fe80::2]:50000", NetworkUseKind.Connection)]
    [InlineData("tcp", 3, 0, "[fe80::1]:22", "[fe80::2]:50000", null)]
    public void Sockets_are_told_apart_by_what_they_are_for(string protocol, int index, int number, string? local, string? remote, NetworkUseKind? kind)
    {
        var socket = new NetworkSocket(protocol, index, 77) { Number = number, Local = End(local), Remote = End(remote) };
        var uses = Find(State([socket], null)).Where(use => use.Kind != NetworkUseKind.Address).ToList();
        Assert.Equal(kind is null ? [] : [kind.Value], uses.Select(use => use.Kind));
        Assert.All(uses.Where(use => use.Kind is not NetworkUseKind.Storage), use => Assert.Contains("tool (4711)", use.Description, StringComparison.Ordinal));
    }

    [Fact]
    public void A_DHCP_client_is_known_by_its_name_where_its_socket_does_not_tell() =>
        Assert.Contains(Find(State([new NetworkSocket("packet", 2, 77) { Number = 3 }], null, "dhclient (9)")), use => use.Kind == NetworkUseKind.ConfigurationSocket);

    [Fact]
    public void Packet_sockets_of_all_interfaces_and_torn_lines_are_passed_over() =>
        Assert.Equal([2], PacketSockets.Parse("sk RefCnt Type Proto Iface R Rmem User Inode\n0 3 3 88cc 0 1 0 0 11\n0 3 3 0003 2 1 0 0 12\n0 3 3\nx y z w v u t s r\n").Select(socket => socket.Index));

    [Fact]
    public void The_session_is_found_at_a_parent_too()
    {
        var files = new MemorySysfs().AddLink("/proc/self", "30").Add("/proc/30/environ", "PATH=/bin\0").Add("/proc/30/status", "Name:\tx\nPPid:\t20\n")
            .Add("/proc/20/environ", "HOME=/root\0SSH_CONNECTION=192.0.2.1 51000 ::ffff:192.0.2.7 22\0").Add("/proc/20/status", "PPid:\t1\n");
        Assert.Equal("192.0.2.7", SshSession.LocalAddress(files)!.ToString());
        Assert.Null(SshSession.LocalAddress(new MemorySysfs()));
        Assert.Null(SshSession.Parse("nonsense"));
    }

    private static IPEndPoint? End(string? text) => text is null ? null : IPEndPoint.Parse(text);

    private static string Text(string lines)
    {
        var first = Start + LinkLocal;
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            first = line switch
            {
                "XDP" => first.Replace("name=enp1s0", "name=enp1s0 xdp=yes", StringComparison.Ordinal),
                "TC" => first.Replace("name=enp1s0", "name=enp1s0 filters=clsact", StringComparison.Ordinal),
                "MASTEROF bond0" => first.Replace("name=bond0", "name=bond0 master=4", StringComparison.Ordinal),
                _ when line.StartsWith("MASTER ", StringComparison.Ordinal) => first.Replace("name=enp1s0", $"name=enp1s0 master={line[7..]}", StringComparison.Ordinal),
                _ => $"{first}{line}\n",
            };
        }

        return first + All;
    }

    private static ValueList<Finding> Check(string network)
    {
        var files = new MemorySysfs().AddDirectory("/sys/class/misc")
            .AddLink("/sys/class/net/enp1s0", $"../../devices/pci0000:00/0000:00:1c.0/{Nic}/net/enp1s0").Add("/sys/class/net/enp1s0/ifindex", "2\n")
            .Add(NetworkStateReader.CapturedPath, network);
        using var empty = FakeHost.Create();
        var host = PassthroughHost.At(empty.Root).Capture();
        var snapshot = new HostSnapshot(default, "/", host.Devices, host.IommuGroups, []) { System = new HostSystem { Usage = UsageReader.Read(files, false) } };
        var context = new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = [PciAddress.Parse(Nic)] };
        return [.. new DeviceHoldsNetwork().Check(context), .. new DeviceNetworkIdle().Check(context)];
    }

    private static NetworkState State(ValueList<NetworkSocket> sockets, IPAddress? session, string owner = "tool (4711)") => new()
    {
        Spaces =
        [
            new NetworkSpace(new NetworkNamespace(1), IsOwn: true)
            {
                Links = [new NetworkLink(2, "enp1s0") { IsUp = true }, new NetworkLink(3, "enp2s0") { IsUp = true }],
                Addresses = Fact.Known(ValueList.Create(new NetworkAddress(2, IPAddress.Parse("192.0.2.7"), 24, true), new NetworkAddress(2, IPAddress.Parse("fe80::1"), 64, true)), "ip address"),
                Routes = Fact.Known(ValueList.Create<NetworkRoute>(), "ip route"),
                Rules = Fact.Known(ValueList.Create<NetworkRule>(), "ip rule"),
                Sockets = Fact.Known(sockets, "ss"),
            },
        ],
        Others = Fact.Known(0, "/proc/*/ns/net"),
        SessionAddress = session,
        SocketOwners = ImmutableDictionary<uint, string>.Empty.Add(77, owner),
    };

    private static ValueList<NetworkUse> Find(NetworkState state) => NetworkUseFinder.Find(state, NetworkStack.Of(state, state.Own, state.Own.Links[0], _ => []));
}
