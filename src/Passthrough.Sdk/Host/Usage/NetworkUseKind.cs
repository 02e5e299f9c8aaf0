namespace Passthrough.Sdk.Host.Usage;

/// <summary>The uses of a network interface, the most important first: those whose loss disconnects the operator, those on which others depend, and the rest.</summary>
public enum NetworkUseKind
{
    /// <summary>The SSH connection of this session comes in through it. Sources: SSH_CONNECTION of this process or of one above it, and the interface's addresses.</summary>
    ThisSession = 0,

    /// <summary>It was moved to another network namespace. Source: <c>ip link</c> there.</summary>
    OtherNamespace = 1,

    /// <summary>A connection to a server of files or disks (NFS, iSCSI, NVMe over TCP) goes over it. Source: <c>ss</c>.</summary>
    Storage = 2,

    /// <summary>A default route leads through it, in any routing table. Source: <c>ip route show table all</c>.</summary>
    DefaultRoute = 3,

    /// <summary>It is a port of a bridge, bond, team, VRF or Open vSwitch. Source: <c>ip link</c>.</summary>
    Port = 4,

    /// <summary>Another interface is built on it: a VLAN, a macvlan or macvtap, an ipvlan, a tunnel. Source: <c>ip -details link</c>, in every network namespace.</summary>
    Upper = 5,

    /// <summary>It is an end of a tunnel, or a PPPoE session runs over it. Sources: <c>ip -details link</c>, /proc/net/pppoe.</summary>
    Tunnel = 6,

    /// <summary>It has an address that reaches beyond the link. Source: <c>ip address</c>.</summary>
    Address = 7,

    /// <summary>A route other than a default one leads through it. Source: <c>ip route show table all</c>.</summary>
    Route = 8,

    /// <summary>A routing rule names it. Source: <c>ip rule</c>.</summary>
    Rule = 9,

    /// <summary>A program in the kernel handles its packets: XDP, or filters of <c>tc</c>; or such filters of another interface send packets into it. Sources: <c>ip link</c>, <c>tc qdisc</c>, <c>tc actions list action mirred</c>.</summary>
    PacketProgram = 10,

    /// <summary>A service of the kernel runs over it: netconsole, or RDMA in software. Sources: /sys/kernel/config/netconsole, /proc/cmdline, /sys/class/infiniband.</summary>
    KernelService = 11,

    /// <summary>It has an IPv6 address that it learned from the network. Source: <c>ip -6 address</c>.</summary>
    LearnedAddress = 12,

    /// <summary>An IPv6 router announced a route through it. Source: <c>ip -6 route</c>.</summary>
    LearnedRoute = 13,

    /// <summary>Connections go over its link-local address or over its others. Source: <c>ss</c>.</summary>
    Connection = 14,

    /// <summary>A socket is bound to it alone. Sources: /proc/net/packet, <c>ss</c>.</summary>
    Socket = 15,

    /// <summary>It has addresses and is switched off, so they are not reachable: the host loses only its settings. Source: <c>ip address</c>.</summary>
    ConfiguredWhileDown = 16,

    /// <summary>A program that configures or watches interfaces (DHCP, LLDP, 802.1X) has a socket bound to it. Sources: /proc/net/packet, <c>ss</c>.</summary>
    ConfigurationSocket = 17,

    /// <summary>It is switched on, with nothing but the link-local address that every such interface has. Source: <c>ip link</c>.</summary>
    SwitchedOn = 18,
}
