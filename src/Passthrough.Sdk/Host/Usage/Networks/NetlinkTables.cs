using System.Buffers.Binary;
using System.Net;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>Takes the kernel's answers apart. Nothing here throws, whatever the bytes. Sources: linux/if_link.h, if_addr.h, rtnetlink.h, fib_rules.h, pkt_cls.h, tc_act/tc_mirred.h, inet_diag.h.</summary>
internal static class NetlinkTables
{
    private const ushort NewLink = 16;
    private const ushort NewAddress = 20;
    private const ushort NewRoute = 24;
    private const ushort NewRule = 32;
    private const ushort NewQueueing = 36;
    private const ushort GetAction = 50; // of its answers too
    private const ushort SocketDiagnosis = 20;

    private const byte V4 = 2;
    private const byte V6 = 10;
    private const byte Unicast = 1;
    private const uint Cloned = 0x200;
    private const uint IsUp = 1;
    private const byte Permanent = 0x80;
    private const byte Established = 1;

    public static ValueList<NetworkLink> Links(ReadOnlyMemory<byte> answer)
    {
        const int Fixed = 16;
        var links = new List<NetworkLink>();
        foreach (var payload in Payloads(answer, NewLink, Fixed))
        {
            var (name, kind, master, lower, lowerNumber, hasXdp) = ("", (string?)null, 0, 0, (int?)null, false);
            var (parent, bus, end, data) = ((string?)null, (string?)null, (IPAddress?)null, ReadOnlyMemory<byte>.Empty);
            int type = NetlinkMessage.UInt16(payload[2..]);
            foreach (var (attribute, value) in NetlinkMessage.Attributes(payload, Fixed))
            {
                switch (attribute)
                {
                    case 1 when IsTunnel(type):
                        end = Address(value);
                        break;
                    case 3:
                        name = Text(value);
                        break;
                    case 5:
                        lower = NetlinkMessage.Int32(value);
                        break;
                    case 10:
                        master = NetlinkMessage.Int32(value);
                        break;
                    case 18:
                        foreach (var (info, content) in NetlinkMessage.Attributes(value, 0))
                        {
                            kind = info == 1 ? Text(content) : kind;
                            data = info == 2 ? content : data;
                        }

                        break;
                    case 37:
                        lowerNumber = NetlinkMessage.Int32(value);
                        break;
                    case 43:
                        hasXdp = NetlinkMessage.Attributes(value, 0).Any(xdp => xdp.Type == 2 && xdp.Value.Length > 0 && xdp.Value.Span[0] != 0);
                        break;
                    case 56:
                        parent = Text(value);
                        break;
                    case 57:
                        bus = Text(value);
                        break;
                }
            }

            if (kind == "vxlan")
            {
                foreach (var (attribute, value) in NetlinkMessage.Attributes(data, 0))
                {
                    lower = attribute == 3 && lower == 0 ? NetlinkMessage.Int32(value) : lower;
                    end = attribute is 4 or 17 ? Address(value) : end;
                }
            }

            links.Add(new NetworkLink(NetlinkMessage.Int32(payload[4..]), name)
            {
                Kind = kind,
                IsUp = (NetlinkMessage.UInt32(payload[8..]) & IsUp) != 0,
                Master = master,
                Lower = lower,
                LowerNumber = lowerNumber,
                Parent = parent is null || bus is null ? null : $"/sys/bus/{bus}/devices/{parent}",
                HasXdp = hasXdp,
                TunnelEnd = end is not null && !IsNothing(end) ? end : null,
            });
        }

        return links.ToValueList();
    }

    public static ValueList<NetworkAddress> Addresses(ReadOnlyMemory<byte> answer)
    {
        const int Fixed = 8;
        var addresses = new List<NetworkAddress>();
        foreach (var payload in Payloads(answer, NewAddress, Fixed))
        {
            // Of a point-to-point interface the first is the other end's.
            var (address, local) = ((IPAddress?)null, (IPAddress?)null);
            uint flags = payload.Span[2];
            foreach (var (attribute, value) in NetlinkMessage.Attributes(payload, Fixed))
            {
                address = attribute == 1 ? Address(value) : address;
                local = attribute == 2 ? Address(value) : local;
                flags = attribute == 8 ? NetlinkMessage.UInt32(value) : flags;
            }

            if ((local ?? address) is { } own)
            {
                addresses.Add(new NetworkAddress(NetlinkMessage.Int32(payload[4..]), own, payload.Span[1], (flags & Permanent) != 0));
            }
        }

        return addresses.ToValueList();
    }

    public static ValueList<NetworkRoute> Routes(ReadOnlyMemory<byte> answer)
    {
        const int Fixed = 12;
        var routes = new List<NetworkRoute>();
        foreach (var payload in Payloads(answer, NewRoute, Fixed))
        {
            var (family, type) = (payload.Span[0], payload.Span[7]);
            if (family is not (V4 or V6) || type != Unicast || (NetlinkMessage.UInt32(payload[8..]) & Cloned) != 0)
            {
                continue;
            }

            var (destination, gateway, table) = ((IPAddress?)null, (IPAddress?)null, (uint)payload.Span[4]);
            var indexes = new List<int>();
            foreach (var (attribute, value) in NetlinkMessage.Attributes(payload, Fixed))
            {
                switch (attribute)
                {
                    case 1:
                        destination = Address(value);
                        break;
                    case 4:
                        indexes.Add(NetlinkMessage.Int32(value));
                        break;
                    case 5:
                        gateway = Address(value);
                        break;
                    case 9:
                        indexes.AddRange(Hops(value));
                        break;
                    case 15:
                        table = NetlinkMessage.UInt32(value);
                        break;
                    case 18:
                        // An IPv4 route by an IPv6 router: the family stands before the address.
                        gateway = value.Length > 2 ? Address(value[2..]) : gateway;
                        break;
                }
            }

            routes.Add(new NetworkRoute(family == V6, destination, payload.Span[1], table, [.. indexes.Where(index => index != 0).Distinct()])
            {
                Gateway = gateway,
                Protocol = payload.Span[5],
            });
        }

        return routes.ToValueList();
    }

    public static ValueList<NetworkRule> Rules(ReadOnlyMemory<byte> answer)
    {
        const int Fixed = 12;
        var rules = new List<NetworkRule>();
        foreach (var payload in Payloads(answer, NewRule, Fixed))
        {
            if (payload.Span[0] is not (V4 or V6))
            {
                continue;
            }

            var (priority, table, incoming, outgoing) = (0u, (uint)payload.Span[4], (string?)null, (string?)null);
            foreach (var (attribute, value) in NetlinkMessage.Attributes(payload, Fixed))
            {
                incoming = attribute == 3 ? Text(value) : incoming;
                priority = attribute == 6 ? NetlinkMessage.UInt32(value) : priority;
                table = attribute == 15 ? NetlinkMessage.UInt32(value) : table;
                outgoing = attribute == 17 ? Text(value) : outgoing;
            }

            rules.Add(new NetworkRule(payload.Span[0] == V6, priority, table, incoming, outgoing));
        }

        return rules.ToValueList();
    }

    /// <summary>The queueing disciplines by interface.</summary>
    public static ILookup<int, string> Queueing(ReadOnlyMemory<byte> answer)
    {
        const int Fixed = 20;
        return Payloads(answer, NewQueueing, Fixed)
            .SelectMany(payload => NetlinkMessage.Attributes(payload, Fixed).Where(a => a.Type == 1), (payload, a) => (Index: NetlinkMessage.Int32(payload[4..]), Kind: Text(a.Value)))
            .Distinct()
            .ToLookup(q => q.Index, q => q.Kind);
    }

    /// <summary>The interfaces into which actions of the kind mirred send packets.</summary>
    public static ValueList<int> RedirectTargets(ReadOnlyMemory<byte> answer)
    {
        const int Fixed = 4;
        const int InterfaceOffset = 24; // struct tc_mirred: five numbers that all actions have, what to do, the interface
        return
        [
            .. (from payload in Payloads(answer, GetAction, Fixed)
                from table in NetlinkMessage.Attributes(payload, Fixed)
                where table.Type == 1
                from action in NetlinkMessage.Attributes(table.Value, 0)
                from options in NetlinkMessage.Attributes(action.Value, 0)
                where options.Type == 2
                from parameters in NetlinkMessage.Attributes(options.Value, 0)
                where parameters.Type == 2 && parameters.Value.Length >= InterfaceOffset + sizeof(int)
                select NetlinkMessage.Int32(parameters.Value[InterfaceOffset..])).Distinct()
        ];
    }

    /// <summary>The sockets that are bound to an interface, or connected; the rest has nothing to say.</summary>
    public static ValueList<NetworkSocket> Sockets(ReadOnlyMemory<byte> answer, string protocol)
    {
        const int Fixed = 72;
        var sockets = new List<NetworkSocket>();
        foreach (var payload in Payloads(answer, SocketDiagnosis, Fixed))
        {
            var bytes = payload.Span;
            if (bytes[0] is not (V4 or V6))
            {
                continue;
            }

            var size = bytes[0] == V4 ? 4 : 16;
            var isConnected = bytes[1] == Established;
            var index = NetlinkMessage.Int32(payload[40..]);
            if (index == 0 && !isConnected)
            {
                continue;
            }

            int localPort = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
            var local = Plain(new IPAddress(bytes.Slice(8, size)));
            var remote = Plain(new IPAddress(bytes.Slice(24, size)));
            sockets.Add(new NetworkSocket(protocol, index, NetlinkMessage.UInt32(payload[68..]))
            {
                Number = protocol == "raw" ? localPort : 0,
                Local = new IPEndPoint(local, protocol == "raw" ? 0 : localPort),
                Remote = isConnected && !IsNothing(remote) ? new IPEndPoint(remote, BinaryPrimitives.ReadUInt16BigEndian(bytes[6..])) : null,
            });
        }

        return sockets.ToValueList();
    }

    /// <summary>The sockets of AF_XDP that are bound to an interface.</summary>
    public static ValueList<NetworkSocket> XdpSockets(ReadOnlyMemory<byte> answer)
    {
        const int Fixed = 16;
        return
        [
            .. from payload in Payloads(answer, SocketDiagnosis, Fixed)
               from attribute in NetlinkMessage.Attributes(payload, Fixed)
               where attribute.Type == 1 && NetlinkMessage.Int32(attribute.Value) != 0
               select new NetworkSocket("xdp", NetlinkMessage.Int32(attribute.Value), NetlinkMessage.UInt32(payload[4..]))
        ];
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Payloads(ReadOnlyMemory<byte> answer, ushort type, int size) =>
        NetlinkMessage.Split(answer).Where(message => message.Type == type && message.Payload.Length >= size).Select(message => message.Payload);

    // struct rtnexthop: length, flags, weight, interface, attributes.
    private static IEnumerable<int> Hops(ReadOnlyMemory<byte> hops)
    {
        while (hops.Length >= 8)
        {
            yield return NetlinkMessage.Int32(hops[4..]);
            int size = NetlinkMessage.UInt16(hops);
            hops = size < 8 ? ReadOnlyMemory<byte>.Empty : hops[Math.Min((size + 3) & ~3, hops.Length)..];
        }
    }

    // ARPHRD_TUNNEL, TUNNEL6, SIT, IPGRE, IP6GRE: what others have a hardware address in is the address of the end.
    private static bool IsTunnel(int type) => type is 768 or 769 or 776 or 778 or 823;

    private static IPAddress? Address(ReadOnlyMemory<byte> value) => value.Length is 4 or 16 ? new IPAddress(value.Span) : null;

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool IsNothing(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static string Text(ReadOnlyMemory<byte> value)
    {
        var bytes = value.Span;
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
