using System.Globalization;
using System.Net;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>Says what an interface, with everything that is built on it, is used for.</summary>
internal sealed class NetworkUseFinder
{
    private const int MostNamed = 3;

    // ETH_P_LLDP, ETH_P_PAE (802.1X), ETH_P_ARP (is an address taken?), ETH_P_SLOW (LACP).
    private static readonly int[] FramesOfConfiguration = [0x88cc, 0x888e, 0x0806, 0x8809];

    // Ports of DHCP's and DHCPv6's clients; ICMPv6, by which routers are found.
    private static readonly int[] PortsOfConfiguration = [68, 546];
    private const int Icmp6 = 58;

    // As /proc/PID/comm has them: at most fifteen characters.
    private static readonly string[] ProgramsOfConfiguration =
    [
        "dhclient", "dhcpcd", "udhcpc", "dhcp6c", "odhcp6c", "systemd-network", "NetworkManager", "nm-dispatcher", "connmand", "wickedd", "wickedd-dhcp4",
        "wickedd-dhcp6", "lldpd", "lldpad", "ladvd", "wpa_supplicant", "iwd", "avahi-autoipd", "ifplugd", "rdnssd", "arping",
    ];

    private static readonly Dictionary<int, string> StoragePorts = new() { [2049] = "NFS", [3260] = "iSCSI", [4420] = "NVMe over TCP", [10809] = "NBD", [3300] = "Ceph", [6789] = "Ceph" };

    private readonly NetworkState _state;
    private readonly NetworkStack _stack;
    private readonly List<NetworkUse> _uses = [];

    private NetworkUseFinder(NetworkState state, NetworkStack stack) => (_state, _stack) = (state, stack);

    /// <summary>The uses, the most important first.</summary>
    public static ValueList<NetworkUse> Find(NetworkState state, NetworkStack stack)
    {
        var finder = new NetworkUseFinder(state, stack);
        finder.Places();
        finder.Addresses();
        finder.Routes();
        finder.Programs();
        finder.Redirections();
        finder.Sockets();
        finder.Rest();
        return [.. finder._uses.DistinctBy(use => (use.Kind, use.Description)).OrderBy(use => use.Kind)];
    }

    /// <summary>The addresses of the stack.</summary>
    public static IEnumerable<(NetworkStack.Part Part, NetworkAddress Address)> AddressesOf(NetworkStack stack) =>
        from part in stack.Parts
        from address in part.Space.Addresses.IsKnown ? part.Space.Addresses.Value : []
        where address.Index == part.Link.Index
        select (part, address);

    /// <summary>The routes through the stack that say something.</summary>
    public static IEnumerable<(NetworkStack.Part Part, NetworkRoute Route)> RoutesOf(NetworkStack stack) =>
        from part in stack.Parts
        from route in part.Space.Routes.IsKnown ? part.Space.Routes.Value : []
        where route.Indexes.Contains(part.Link.Index) && !route.IsOfTheLink
        select (part, route);

    private NetworkLink Device => _stack.First.Link;

    private void Add(NetworkUseKind kind, NetworkStack.Part part, string description, string source, string? ending = null) =>
        _uses.Add(new NetworkUse(kind, part.Link.Name, description, part.Space.IsOwn ? source : $"{source} in {part.Space.Namespace}")
        {
            Ending = ending is null ? null : In(part.Space, ending),
            Namespace = part.Space.IsOwn ? null : part.Space.Namespace,
        });

    private void Places()
    {
        if (!_stack.First.Space.IsOwn)
        {
            Add(NetworkUseKind.OtherNamespace, _stack.First, $"it is in {_stack.First.Space.Namespace}", $"ip -details link show {Device.Name}", $"ip link set {ShellArgument.Of(Device.Name)} netns 1");
        }

        foreach (var part in _stack.Parts.Where(part => part.Below == _stack.First))
        {
            if (part.IsMaster)
            {
                Add(NetworkUseKind.Port, _stack.First, $"it is a port of {Describe(part, [part])}", $"ip link show {Device.Name}", LeaveOf(part));
            }
            else
            {
                Add(NetworkUseKind.Upper, part, $"{Describe(part, [part])} is built on it", $"ip -details link show {part.Link.Name}", $"ip link del {ShellArgument.Of(part.Link.Name)}");
            }
        }

        var ends = AddressesOf(_stack).Select(a => (a.Part.Space, a.Address.Address)).ToHashSet();
        foreach (var space in _state.Spaces)
        {
            foreach (var tunnel in space.Links.Where(link => link.TunnelEnd is { } end && ends.Contains((space, end)) && _stack.Find(space, link.Index) is null))
            {
                Add(NetworkUseKind.Tunnel, new NetworkStack.Part(space, tunnel, null, false), $"the {tunnel.Kind} tunnel {tunnel.Name} ends at its address {tunnel.TunnelEnd}",
                    $"ip -details link show {tunnel.Name}", $"ip link del {ShellArgument.Of(tunnel.Name)}");
            }
        }

        foreach (var part in _stack.Parts)
        {
            foreach (var client in part.Space.KernelClients.Where(client => client.Interface == part.Link.Name))
            {
                Add(part, client);
            }
        }
    }

    private void Add(NetworkStack.Part part, KernelClient client)
    {
        switch (client.Kind)
        {
            case KernelClientKind.Pppoe:
                Add(NetworkUseKind.Tunnel, part, $"a PPPoE session runs over {Subject(part)}", "/proc/net/pppoe");
                break;
            case KernelClientKind.Netconsole when client.Name is { } target:
                Add(NetworkUseKind.KernelService, part, $"the kernel's messages go to another host over {Subject(part)} (netconsole target {target})",
                    $"/sys/kernel/config/netconsole/{target}", $"rmdir /sys/kernel/config/netconsole/{ShellArgument.Of(target)}");
                break;
            case KernelClientKind.Netconsole:
                Add(NetworkUseKind.KernelService, part, $"the kernel's messages go to another host over {Subject(part)} (the parameter netconsole)", "/proc/cmdline", "modprobe -r netconsole");
                break;
            case KernelClientKind.Rdma:
                Add(NetworkUseKind.KernelService, part, $"the RDMA device {client.Name} runs over {Subject(part)}", $"/sys/class/infiniband/{client.Name}", $"rdma link delete {ShellArgument.Of(client.Name!)}");
                break;
        }
    }

    // A port of a bridge is worth what the others of the bridge are: guests have theirs there.
    private string Describe(NetworkStack.Part part, ValueList<NetworkStack.Part> way)
    {
        var words = $"the {KindOf(part.Link)} {part.Link.Name}{(part.Space == part.Below!.Space ? "" : $" in {NameOf(part.Space)}")}";
        if (part.IsMaster)
        {
            var beside = part.Space.Links.Where(link => link.Master == part.Link.Index && link.Index != part.Below.Link.Index).Select(link => link.Name).ToList();
            words += beside.Count == 0 ? "" : $" beside {string.Join(", ", beside.Take(MostNamed))}{(beside.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {beside.Count - MostNamed} more") : "")}";
        }

        var above = _stack.Parts.FirstOrDefault(candidate => candidate.Below == part && !way.Contains(candidate));
        return above is null ? words
            : above.IsMaster ? $"{words}, which is a port of {Describe(above, [.. way, above])},"
            : $"{words}, on which {Describe(above, [.. way, above])} is built,";
    }

    private void Addresses()
    {
        foreach (var (part, address) in AddressesOf(_stack))
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{address.Address}/{address.PrefixLength}");
            if (_state.SessionAddress is { } session && session.Equals(address.Address))
            {
                Add(NetworkUseKind.ThisSession, part, $"the SSH connection of this session comes in through {Subject(part)} ({address.Address})", "SSH_CONNECTION");
            }

            if (address.IsLinkLocal)
            {
                continue;
            }

            var isOff = part == _stack.First && !Device.IsUp;
            Add(isOff ? NetworkUseKind.ConfiguredWhileDown : address.IsLearned ? NetworkUseKind.LearnedAddress : NetworkUseKind.Address, part,
                $"{Subject(part)} has the address {text}{(address.IsLearned ? ", which it learned from the network" : "")}", $"ip address show {part.Link.Name}",
                $"ip address del {text} dev {ShellArgument.Of(part.Link.Name)}");
        }
    }

    private void Routes()
    {
        var addresses = AddressesOf(_stack).ToList();
        foreach (var (part, route) in RoutesOf(_stack))
        {
            // Who sees the address needs no word about its network.
            if (route is { Gateway: null, Destination: { } network } && !route.IsDefault && addresses.Any(a =>
                a.Part == part && !a.Address.IsLinkLocal && (route.IsOfAnAddress || IpRanges.Contains(network, route.PrefixLength, a.Address.Address))))
            {
                continue;
            }

            var table = route.Table == NetworkRoute.MainTable ? "" : string.Create(CultureInfo.InvariantCulture, $" table {route.Table}");
            var rules = part.Space.Rules.IsKnown && table.Length > 0
                ? part.Space.Rules.Value.Where(rule => rule.IsV6 == route.IsV6 && rule.Table == route.Table).Select(rule => rule.Priority.ToString(CultureInfo.InvariantCulture)).Distinct().ToList()
                : [];
            var where = table.Length == 0 ? "" : $" (routing{table}{(rules.Count == 0 ? "" : $", which rule {string.Join(", ", rules.Take(MostNamed))} leads to")})";
            var command = $"ip {(route.IsV6 ? "-6 " : "")}route";
            var through = $"{Subject(part)}{(route.Gateway is { } gateway ? $" to {gateway}" : "")}{where}";
            var (kind, description) =
                route.IsLearned ? (NetworkUseKind.LearnedRoute, $"an IPv6 router announced the route {route.Target} through {through}")
                : route.IsDefault ? (NetworkUseKind.DefaultRoute, $"the {(route.IsV6 ? "IPv6 " : "")}default route leads through {through}")
                : (NetworkUseKind.Route, $"the route {route.Target} leads through {through}");
            Add(kind, part, description, $"{command} show table {(table.Length == 0 ? "main" : table[" table ".Length..])}",
                $"{command} del {route.Target}{(route.Gateway is { } via ? $" via {via}" : "")} dev {ShellArgument.Of(part.Link.Name)}{table}");
        }

        foreach (var part in _stack.Parts)
        {
            foreach (var rule in (part.Space.Rules.IsKnown ? part.Space.Rules.Value : []).Where(rule => rule.In == part.Link.Name || rule.Out == part.Link.Name))
            {
                var words = string.Create(CultureInfo.InvariantCulture, $"{(rule.In == part.Link.Name ? $"iif {rule.In}" : $"oif {rule.Out}")} lookup {rule.Table}");
                var command = $"ip {(rule.IsV6 ? "-6 " : "")}rule";
                Add(NetworkUseKind.Rule, part, string.Create(CultureInfo.InvariantCulture, $"the routing rule {rule.Priority} names {Subject(part)} ({words})"), $"{command} show",
                    string.Create(CultureInfo.InvariantCulture, $"{command} del priority {rule.Priority} {(rule.In == part.Link.Name ? "iif" : "oif")} {ShellArgument.Of(part.Link.Name)} lookup {rule.Table}"));
            }
        }
    }

    private void Programs()
    {
        foreach (var part in _stack.Parts)
        {
            if (part.Link.HasXdp)
            {
                Add(NetworkUseKind.PacketProgram, part, $"an XDP program handles the packets of {Subject(part)}", $"ip link show {part.Link.Name}", $"ip link set dev {ShellArgument.Of(part.Link.Name)} xdp off");
            }

            foreach (var filter in part.Link.Filters)
            {
                Add(NetworkUseKind.PacketProgram, part, $"filters of tc handle the packets of {Subject(part)} ({filter})", $"tc filter show dev {part.Link.Name} ingress", $"tc qdisc del dev {ShellArgument.Of(part.Link.Name)} {filter}");
            }
        }
    }

    private void Redirections()
    {
        foreach (var part in _stack.Parts.Where(part => part.Space.RedirectTargets.Contains(part.Link.Index)))
        {
            Add(NetworkUseKind.PacketProgram, part, $"filters of tc send packets into {Subject(part)} (mirred)", "tc actions list action mirred");
        }
    }

    private void Sockets()
    {
        var own = AddressesOf(_stack).ToLookup(a => a.Address.Address, a => a.Part);
        foreach (var space in _stack.Parts.Select(part => part.Space).Distinct())
        {
            var all = space.Sockets.IsKnown ? space.Sockets.Value : [];
            foreach (var socket in all.Where(socket => socket.Remote is null))
            {
                if (_stack.Find(space, socket.Index) is { } part)
                {
                    Add(IsOfConfiguration(socket) ? NetworkUseKind.ConfigurationSocket : NetworkUseKind.Socket, part,
                        $"{OwnerOf(socket)} has a socket bound to {Subject(part)} ({Describe(socket)})", socket.Protocol == "packet" ? "/proc/net/packet" : "ss --all");
                }
            }

            // What the host says to itself does not leave it.
            var locals = (space.Addresses.IsKnown ? space.Addresses.Value : []).Select(a => a.Address).ToHashSet();
            var connections = all.Where(socket => socket.Remote is { } remote && !locals.Contains(remote.Address) && !IPAddress.IsLoopback(remote.Address))
                .Select(socket => (Socket: socket, Part: _stack.Find(space, socket.Index) ?? (socket.Index == 0 ? own[socket.Local!.Address].FirstOrDefault(part => part.Space == space) : null)))
                .Where(found => found.Part is not null)
                .ToList();
            foreach (var (socket, part) in connections.Where(c => IsStorage(c.Socket)).Take(MostNamed))
            {
                Add(NetworkUseKind.Storage, part!, $"the host's files or disks come over {Subject(part!)}: {StoragePorts[socket.Remote!.Port]} from {socket.Remote}", "ss --tcp");
            }

            if (connections.Where(c => !IsStorage(c.Socket)).ToList() is { Count: > 0 } rest)
            {
                var names = rest.Take(MostNamed).Select(c => $"{OwnerOf(c.Socket)} with {c.Socket.Remote}");
                Add(NetworkUseKind.Connection, rest[0].Part!,
                    string.Create(CultureInfo.InvariantCulture, $"{rest.Count} {(rest.Count == 1 ? "connection goes" : "connections go")} over {Subject(rest[0].Part!)}: {string.Join(", ", names)}{(rest.Count > MostNamed ? ", ..." : "")}"),
                    "ss");
            }
        }
    }

    private void Rest()
    {
        if (Device.IsUp && !_uses.Exists(use => use.IsHeld))
        {
            var local = AddressesOf(_stack).Where(a => a.Part == _stack.First).Select(a => a.Address.Address.ToString()).ToList();
            Add(NetworkUseKind.SwitchedOn, _stack.First, local.Count == 0 ? "it is switched on, without an address" : $"it is switched on, with nothing but its link-local address {string.Join(", ", local)}",
                $"ip address show {Device.Name}", $"ip link set {ShellArgument.Of(Device.Name)} down");
        }
    }

    private bool IsOfConfiguration(NetworkSocket socket) =>
        (socket.Protocol == "packet" && FramesOfConfiguration.Contains(socket.Number))
        || (socket.Protocol == "udp" && PortsOfConfiguration.Contains(socket.Local?.Port ?? 0))
        || (socket.Protocol == "raw" && socket.Number == Icmp6)
        || (_state.SocketOwners.TryGetValue(socket.Inode, out var owner) && ProgramsOfConfiguration.Contains(owner[..owner.LastIndexOf(" (", StringComparison.Ordinal)], StringComparer.Ordinal));

    private static bool IsStorage(NetworkSocket socket) => socket.Protocol == "tcp" && StoragePorts.ContainsKey(socket.Remote!.Port);

    private string OwnerOf(NetworkSocket socket) => _state.SocketOwners.GetValueOrDefault(socket.Inode, socket.Inode == 0 ? "the kernel" : "a process");

    private static string Describe(NetworkSocket socket) => socket.Protocol switch
    {
        "packet" => string.Create(CultureInfo.InvariantCulture, $"AF_PACKET, frames {socket.Number:x4}"),
        "xdp" => "AF_XDP",
        "raw" => string.Create(CultureInfo.InvariantCulture, $"raw, protocol {socket.Number}"),
        _ => $"{socket.Protocol} {socket.Local}",
    };

    // "it" is the device's own interface, as the title of a finding has named it.
    private string Subject(NetworkStack.Part part) =>
        part == _stack.First ? "it" : $"{part.Link.Name}{(part.Space == _stack.First.Space ? "" : $" in {NameOf(part.Space)}")} above it";

    private static string NameOf(NetworkSpace space) => space.IsOwn ? "the host's network namespace" : space.Namespace.ToString();

    private string LeaveOf(NetworkStack.Part master) =>
        master.Link.Kind == "openvswitch" ? $"ovs-vsctl del-port {ShellArgument.Of(Device.Name)}" : $"ip link set {ShellArgument.Of(Device.Name)} nomaster";

    private static string In(NetworkSpace space, string command) => space.IsOwn ? command : $"{space.Namespace.Enter} {command}";

    private static string KindOf(NetworkLink link) => link.Kind switch
    {
        null => "interface",
        "vlan" => "VLAN",
        "vrf" => "VRF",
        "openvswitch" => "Open vSwitch datapath",
        "vxlan" => "VXLAN tunnel",
        "gre" or "gretap" or "ip6gre" or "ip6gretap" or "erspan" or "ipip" or "sit" or "ip6tnl" or "vti" or "vti6" or "xfrm" => $"{link.Kind} tunnel",
        var kind => kind,
    };
}
