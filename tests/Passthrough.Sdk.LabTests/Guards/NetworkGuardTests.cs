using System.Net;
using System.Net.Sockets;
using System.Text;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Guards;

/// <summary>Uses of a NIC, each made for real: the plan refuses it by the right name. The rows are those of docs/guards.md.</summary>
[LabHost(Iommu.Vtd, Own = "guards")]
public sealed class NetworkGuardTests
{
    /// <summary>The lab's network has an IPv6 router, which would give every interface a use that is switched on.</summary>
    private const string Quiet = "echo 0 >/proc/sys/net/ipv6/conf/$if/accept_ra; ip link set $if up; ";

    private const string Down = "; ip link set $if down; ip address flush dev $if; echo 1 >/proc/sys/net/ipv6/conf/$if/accept_ra";

    public static TheoryData<string, string, string, string, string> Uses => new()
    {
        { "bridge beside a guest", "ip link add br9 type bridge; modprobe tun; udevadm settle; ip tuntap add vnet9 mode tap; ip link set vnet9 master br9; ip link set $if master br9", "ip link del vnet9; ip link del br9", "it is a port of the bridge br9 beside vnet9", "ip link set $if nomaster" },
        { "VLAN in a bridge", "ip link add link $if name v5 type vlan id 5; ip link add br5 type bridge; ip link set v5 master br5", "ip link del v5; ip link del br5", "the VLAN v5, which is a port of the bridge br5, is built on it", "ip link del v5" },
        { "bare VLAN", "ip link add link $if name v5 type vlan id 5", "ip link del v5", "the VLAN v5 is built on it", "ip link del v5" },
        { "bond in a bridge", "ip link add bond9 type bond mode active-backup; ip link set $if master bond9; ip link add br9 type bridge; ip link set bond9 master br9", "ip link set $if nomaster; ip link del bond9; ip link del br9", "it is a port of the bond bond9, which is a port of the bridge br9", "ip link set $if nomaster" },
        { "team", "ip link add team9 type team; ip link set $if master team9", "ip link set $if nomaster; ip link del team9", "it is a port of the team team9", "ip link set $if nomaster" },
        { "VRF", "ip link add red9 type vrf table 99; ip link set $if master red9", "ip link del red9", "it is a port of the VRF red9", "ip link set $if nomaster" },
        { "macvtap", "ip link add link $if name macvtap0 type macvtap mode bridge", "ip link del macvtap0", "the macvtap macvtap0 is built on it", "ip link del macvtap0" },
        { "macvlan", "ip link add link $if name mv0 type macvlan mode bridge", "ip link del mv0", "the macvlan mv0 is built on it", "ip link del mv0" },
        { "macsec", "ip link add link $if name macsec9 type macsec", "ip link del macsec9", "the macsec macsec9 is built on it", "ip link del macsec9" },
        { "VXLAN", "ip link add vx9 type vxlan id 9 dev $if dstport 4789", "ip link del vx9", "the VXLAN tunnel vx9 is built on it", "ip link del vx9" },
        { "GRE by device", "ip link add gre9 type gre local 192.0.2.7 remote 192.0.2.8 dev $if", "ip link del gre9", "the gre tunnel gre9 is built on it", "ip link del gre9" },
        { "GRE by address", Quiet + "ip address add 192.0.2.7/24 dev $if; ip link add gre9 type gre local 192.0.2.7 remote 192.0.2.8", "ip link del gre9" + Down, "the gre tunnel gre9 ends at its address 192.0.2.7", "ip link del gre9; ip address del 192.0.2.7/24 dev $if" },
        { "container's macvlan", "ip link add link $if name mv0 type macvlan mode bridge; unshare --net sleep 600 </dev/null >/dev/null 2>&1 & pid=$!; echo $pid >/run/guard.pid; for i in $(seq 100); do [ \"$(readlink /proc/$pid/ns/net)\" = \"$(readlink /proc/self/ns/net)\" ] || break; sleep 0.1; done; ip link set mv0 netns $pid", "kill $(cat /run/guard.pid)", "the macvlan mv0 in the network namespace of sleep (", "--net ip link del mv0" },
        { "ipvlan in a namespace without a process", "ip netns add blue; ip link add link $if name ipvl0 type ipvlan mode l2; ip link set ipvl0 netns blue; ip -n blue address add 192.0.2.9/24 dev ipvl0", "ip netns del blue", "the ipvlan ipvl0 in the network namespace blue is built on it, and 1 more", "ip netns exec blue ip link del ipvl0" },
        { "macvlan in a namespace that only an open file keeps", "unshare --net sleep 600 </dev/null >/dev/null 2>&1 & pid=$!; for i in $(seq 100); do [ \"$(readlink /proc/$pid/ns/net)\" = \"$(readlink /proc/self/ns/net)\" ] || break; sleep 0.1; done; ip link add link $if name mv0 type macvlan mode bridge; ip link set mv0 netns $pid; sleep 600 </proc/$pid/ns/net >/dev/null 2>&1 & holder=$!; echo $holder >/run/guard.pid; for i in $(seq 100); do readlink /proc/$holder/fd/0 | grep -q net: && break; sleep 0.1; done; kill $pid; wait $pid || true", "kill $(cat /run/guard.pid)", "the macvlan mv0 in the network namespace /proc/", "nsenter --net=/proc/" },
        { "macvlan in a namespace that only another mount namespace keeps", "ip link add link $if name mv0 type macvlan mode bridge; unshare --mount sh -c 'mount -t tmpfs none /mnt; touch /mnt/ns; unshare --net=/mnt/ns true; exec sleep 600' </dev/null >/dev/null 2>&1 & p=$!; echo $p >/run/guard.pid; for i in $(seq 100); do grep -q net: /proc/$p/mountinfo && break; sleep 0.1; done; nsenter --net=/proc/$p/root/mnt/ns true; ip link set mv0 netns /proc/$p/root/mnt/ns", "kill $(cat /run/guard.pid)", "the macvlan mv0 in the network namespace /proc/", "nsenter --net=/proc/" },
        { "VLAN with the default route of a namespace", "ip netns add blue; ip link add link $if name v5 type vlan id 5; ip link set v5 netns blue; " + Quiet + "ip -n blue link set v5 up; ip -n blue address add 192.0.2.9/24 dev v5; ip -n blue route add default via 192.0.2.1", "ip netns del blue" + Down, "the default route leads through v5 in the network namespace blue above it to 192.0.2.1", "ip netns exec blue ip route del default via 192.0.2.1 dev v5" },
        { "in a namespace without a process", "ip netns add blue; ip link set $if netns blue", "ip -n blue link set $if netns 1; ip netns del blue", "it is in the network namespace blue", "ip netns exec blue ip link set $if netns 1" },
        { "in a namespace of a process only", "unshare --net sleep 600 </dev/null >/dev/null 2>&1 & pid=$!; echo $pid >/run/guard.pid; for i in $(seq 100); do [ \"$(readlink /proc/$pid/ns/net)\" = \"$(readlink /proc/self/ns/net)\" ] || break; sleep 0.1; done; ip link set $if netns $pid; nsenter --target $pid --net ip link set $if up; nsenter --target $pid --net ip address add 192.0.2.9/24 dev $if", "nsenter --target $(cat /run/guard.pid) --net ip link set $if netns 1; kill $(cat /run/guard.pid)", "it is in the network namespace of sleep (", "--net ip link set $if netns 1" },
        { "address", Quiet + "ip address add 192.0.2.7/24 dev $if", "true" + Down, "it has the address 192.0.2.7/24", "ip address del 192.0.2.7/24 dev $if" },
        { "default route", Quiet + "ip address add 192.0.2.7/24 dev $if; ip route add default via 192.0.2.1 metric 9999", "true" + Down, "the default route leads through it to 192.0.2.1", "ip route del default via 192.0.2.1 dev $if" },
        { "route without an address", Quiet + "ip route add 198.51.100.0/24 dev $if", "true" + Down, "the route 198.51.100.0/24 leads through it", "ip route del 198.51.100.0/24 dev $if" },
        { "multipath route", Quiet + "ip route add 198.51.100.0/24 nexthop dev $if weight 1 nexthop dev lo weight 1", "ip route del 198.51.100.0/24" + Down, "the route 198.51.100.0/24 leads through it", "ip route del 198.51.100.0/24 dev $if" },
        { "next hop object", Quiet + "for i in $(seq 100); do [ $(cat /sys/class/net/$if/carrier) = 1 ] && break; sleep 0.1; done; ip nexthop add id 9 dev $if; ip route add 198.51.100.0/24 nhid 9", "true" + Down, "the route 198.51.100.0/24 leads through it", "ip route del 198.51.100.0/24 dev $if" },
        { "default route in another table", Quiet + "ip route add default dev $if table 100; ip rule add from 203.0.113.0/24 lookup 100 priority 1000", "ip rule del priority 1000" + Down, "the default route leads through it (routing table 100, which rule 1000 leads to)", "ip route del default dev $if table 100" },
        { "IPv6 default route only", Quiet + "ip -6 route add default via fe80::2 dev $if metric 9999", "true" + Down, "the IPv6 default route leads through it to fe80::2", "ip -6 route del default via fe80::2 dev $if" },
        { "rule", "ip rule add iif $if lookup 100 priority 1001", "ip rule del priority 1001", "the routing rule 1001 names it (iif $if lookup 100)", "ip rule del priority 1001 iif $if lookup 100" },
        { "filters", "tc qdisc add dev $if clsact", "tc qdisc del dev $if clsact", "filters of tc handle the packets of it (clsact)", "tc qdisc del dev $if clsact" },
        { "filters of another interface that send packets into it", "ip link add ifb9 type ifb; ip link set ifb9 up; tc qdisc add dev ifb9 clsact; tc filter add dev ifb9 egress matchall action mirred egress redirect dev $if", "ip link del ifb9", "filters of tc send packets into it (mirred)", "remove the filters of tc" },
        { "netconsole", Quiet + "modprobe netconsole; mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config; mkdir /sys/kernel/config/netconsole/t9; cd /sys/kernel/config/netconsole/t9; echo $if >dev_name; echo 192.0.2.7 >local_ip; echo 192.0.2.8 >remote_ip; echo 1 >enabled; cd /", "rmdir /sys/kernel/config/netconsole/t9; modprobe -r netconsole" + Down, "the kernel's messages go to another host over it (netconsole target t9)", "rmdir /sys/kernel/config/netconsole/t9" },
        { "RDMA in software", "modprobe rdma_rxe; rdma link add rxe9 type rxe netdev $if", "rdma link delete rxe9", "the RDMA device rxe9 runs over it", "rdma link delete rxe9" },
        { "IPv6 router", "ip link set $if up; for i in $(seq 150); do ip -6 route show default dev $if | grep -q ra && break; sleep 0.2; done", "true" + Down, "which it learned from the network", "ip link set $if down" },
        { "IPv6 router that hides a macvtap", "ip link set $if up; ip link add link $if name macvtap0 type macvtap; for i in $(seq 150); do ip -6 route show default dev $if | grep -q ra && break; sleep 0.2; done", "ip link del macvtap0" + Down, "the macvtap macvtap0 is built on it, and ", "ip link del macvtap0; ip link set $if down" },
    };

    private static string Name { get; } = Path.GetFileName(Directory.GetDirectories("/sys/bus/pci/devices/0000:01:00.0/net").FirstOrDefault() ?? "");

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_use_refuses_the_plan_by_its_right_name(string use, string make, string end, string title, string remedy)
    {
        using var vm = LabDomain.Define("guards");
        var finding = During(make, end, () =>
        {
            var plan = PassthroughHost.Local().Plan([Device.Nic], vm.Domain);
            Assert.True(plan.IsRefused, use);
            Assert.Empty(plan.Steps);
            return Assert.Single(plan.Findings, finding => finding.Severity == FindingSeverity.Error);
        });

        Assert.Equal(FindingIds.DeviceHoldsActiveNetworkInterface, finding.Id);
        Assert.StartsWith($"the network interface {Name} on 0000:01:00.0 is in use: ", finding.Title, StringComparison.Ordinal);
        Assert.Contains(title.Replace("$if", Name, StringComparison.Ordinal), finding.Title, StringComparison.Ordinal);
        Assert.Contains(remedy.Replace("$if", Name, StringComparison.Ordinal), finding.Remedy, StringComparison.Ordinal);
        AssertFree();
    }

    [Fact]
    public void Sockets_are_uses_and_those_of_programs_that_configure_are_warnings()
    {
        During(Quiet + WaitForLinkLocal, "true" + Down, () =>
        {
            using (PacketSocket.Open(Name, 0x0003))
            {
                Assert.Contains($"({Environment.ProcessId}) has a socket bound to it (AF_PACKET, frames 0003)", Refusal().Title, StringComparison.Ordinal);
            }

            using (PacketSocket.Open(Name, 0x88cc))
            {
                Assert.Equal([FindingIds.DeviceNetworkInterfaceUp, FindingIds.DeviceNetworkInterfaceWatched], Network().Select(finding => finding.Id).Order(StringComparer.Ordinal));
            }

            using (var bound = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
            {
                bound.SetRawSocketOption(1, 25, Encoding.ASCII.GetBytes(Name));
                bound.Bind(new IPEndPoint(IPAddress.Any, 5000));
                Assert.Contains("has a socket bound to it (udp 0.0.0.0:5000)", Refusal().Title, StringComparison.Ordinal);
            }

            using (var connected = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp))
            {
                connected.Connect(IPEndPoint.Parse($"[fe80::99%{File.ReadAllText($"/sys/class/net/{Name}/ifindex").Trim()}]:9"));
                Assert.Contains("1 connection goes over it: ", Refusal().Title, StringComparison.Ordinal);
            }

            return 0;
        });
    }

    [Fact]
    public void Doctor_names_the_session_that_asks_before_all_else()
    {
        During(Quiet + "ip address add 192.0.2.7/24 dev $if; ip link add link $if name macvtap0 type macvtap", "ip link del macvtap0" + Down, () =>
        {
            var (code, output, _) = Shell.Try($"export SSH_CONNECTION='192.0.2.1 51000 192.0.2.7 22'; bash -c 'unset SSH_CONNECTION; {CommandLine.Program} doctor 0000:01:00.0; exit $?'");
            Assert.Equal(1, code);
            Assert.Contains("is in use: the SSH connection of this session comes in through it (192.0.2.7), and 2 more", output, StringComparison.Ordinal);
            return 0;
        });
    }

    [Fact]
    public void A_capture_keeps_what_the_kernel_said()
    {
        During("ip netns add blue; ip link add link $if name mv0 type macvlan; ip link set mv0 netns blue", "ip netns del blue", () =>
        {
            using var archive = new FileStream("/run/guard.tar.gz", FileMode.Create);
            PassthroughHost.Local().CaptureTo(archive);
            return 0;
        });
        var finding = Assert.Single(PassthroughHost.At("/run/guard.tar.gz").Capture().CheckDevices([Device.Nic]), finding => finding.Id == FindingIds.DeviceHoldsActiveNetworkInterface);
        Assert.Contains("the macvlan mv0 in the network namespace blue is built on it", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_is_down_and_one_that_is_only_up_are_given_away()
    {
        AssertFree();
        During(Quiet + WaitForLinkLocal, "true" + Down, () =>
        {
            Assert.Equal([FindingIds.DeviceNetworkInterfaceUp], Network().Select(finding => finding.Id));
            using var vm = LabDomain.Define("guards");
            Assert.False(PassthroughHost.Local().Plan([Device.Nic], vm.Domain).IsRefused);
            return 0;
        });
        During("ip address add 192.0.2.7/24 dev $if", "true" + Down, () =>
        {
            Assert.Equal([FindingIds.DeviceNetworkInterfaceConfigured], Network().Select(finding => finding.Id));
            return 0;
        });
    }

    /// <summary>libvirt takes the NIC all the same, and what stood on it is gone without a word.</summary>
    [Fact]
    public void Libvirt_itself_never_looks()
    {
        Shell.Run($"modprobe vfio-pci; if={Name}; ip link add link $if name macvtap0 type macvtap; virsh -q -c qemu:///system nodedev-detach pci_0000_01_00_0");
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        Assert.False(Directory.Exists("/sys/class/net/macvtap0"));
        Shell.Run("virsh -q -c qemu:///system nodedev-reattach pci_0000_01_00_0; udevadm settle");
        AssertFree();
    }

    private const string WaitForLinkLocal = "for i in $(seq 100); do ip -6 address show dev $if scope link | grep -q fe80 && break; sleep 0.1; done; ";

    private static T During<T>(string make, string end, Func<T> look)
    {
        Assert.NotEmpty(Name);
        try
        {
            Shell.Run($"modprobe vfio-pci; if={Name}; set -e; {make}");
            return look();
        }
        finally
        {
            // A namespace goes by and by, and what was in it after it.
            Shell.Run($"if={Name}; {end}; for i in $(seq 100); do [ -e /sys/class/net/$if ] && ! ls -d /sys/class/net/$if/upper_* >/dev/null 2>&1 && break; sleep 0.1; done");
        }
    }

    private static ValueList<Finding> Network() =>
        [.. PassthroughHost.Local().Capture(new() { OpenHandles = true }).CheckDevices([Device.Nic]).Where(finding => finding.Id.Contains("network-interface", StringComparison.Ordinal))];

    private static Finding Refusal() => Assert.Single(Network(), finding => finding is { Severity: FindingSeverity.Error, Id: FindingIds.DeviceHoldsActiveNetworkInterface });

    private static void AssertFree() => Assert.Empty(Network());
}
