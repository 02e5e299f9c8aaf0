using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>
/// Reads the networks of this machine from the kernel's netlink: all routing tables and rules, and every network namespace in which
/// a device of this machine is, or an interface that stands on one of another namespace.
/// </summary>
/// <remarks>
/// Every namespace costs one list of interfaces; addresses, routes and rules are asked for only where such an interface was found.
/// </remarks>
internal sealed class LiveNetworkReader
{
    private const string LinkSource = "rtnetlink (ip link)";
    private const string AddressSource = "rtnetlink (ip address)";
    private const string RouteSource = "rtnetlink (ip route show table all)";
    private const string RuleSource = "rtnetlink (ip rule)";
    private const string SocketSource = "sock_diag (ss)";
    private const string NamespaceSource = "/proc/*/ns/net";

    private static readonly ValueList<(string Name, byte Number)> Protocols = [("tcp", 6), ("udp", 17), ("udplite", 136), ("raw", 255)];
    private static readonly byte[] Families = [2, 10];

    private readonly ISysfs _files;
    private readonly INetlinkSource _netlink;
    private readonly bool _withSockets;
    private readonly ValueList<(string Namespace, string Path)> _open;

    private LiveNetworkReader(ISysfs files, INetlinkSource netlink, bool withSockets, ValueList<(string Namespace, string Path)> open) =>
        (_files, _netlink, _withSockets, _open) = (files, netlink, withSockets, open);

    /// <summary>Reads them; unknown if the kernel or a sandbox does not give such sockets.</summary>
    public static Fact<NetworkState> Read(ISysfs files, INetlinkSource netlink, bool withSockets, ValueList<(string Namespace, string Path)> open = default) =>
        new LiveNetworkReader(files, netlink, withSockets, open).Read();

    /// <summary>The file of a namespace.</summary>
    internal static string PathOf(NetworkNamespace space) => space.ProcessId is { } process ? $"/proc/{process}/ns/net" : space.Path ?? "";

    private Fact<NetworkState> Read()
    {
        var found = NamespaceFinder.Find(_files, _withSockets, _open);
        var errno = TryRead(found.Own, isOwn: true, found, isWanted: _ => true, out var own);
        if (own is null)
        {
            return Fact.Unknown<NetworkState>(LinkSource, Errno.Describe(errno));
        }

        var spaces = new List<NetworkSpace>();
        spaces.Add(own);
        var missing = found.Missing;
        foreach (var other in found.Others)
        {
            errno = TryRead(other, isOwn: false, found, IsWanted, out var space);
            if (space is not null)
            {
                spaces.Add(space);
            }
            else if (errno != Errno.Success && !HasGone(other))
            {
                missing ??= $"{other} cannot be read ({Errno.Describe(errno)})";
            }
        }

        return Fact.Known(
            new NetworkState
            {
                Spaces = spaces.ToValueList(),
                Others = missing is null ? Fact.Known(found.Others.Count, NamespaceSource) : Fact.Unknown<int>(NamespaceSource, missing),
                SessionAddress = SshSession.LocalAddress(_files),
                SocketOwners = SocketOwners.Find(_files, [.. spaces.SelectMany(s => s.Sockets.IsKnown ? s.Sockets.Value : []).Select(s => s.Inode)]),
            },
            LinkSource);
    }

    // A device of the machine's own, or what may stand on one: of most containers neither is true, they have one end of a pair.
    private static bool IsWanted(ValueList<NetworkLink> links) => links.Any(link => link.Parent is not null || link is { IsStacked: true, LowerNumber: not null });

    // A container ends at any time: its process may have ended meanwhile, or closed the file that kept the namespace.
    private bool HasGone(NetworkNamespace space)
    {
        var link = space is { ProcessId: { } process, Path: null } ? _files.ReadLink($"/proc/{process}/ns/net")
            : space.Path is { } path && path.Contains("/fd/", StringComparison.Ordinal) ? _files.ReadLink(path)
            : Fact.Unknown<string>(NamespaceSource, "a mount keeps it");
        return !link.IsUnknown && link.Value != $"net:[{space.Id}]";
    }

    private int TryRead(NetworkNamespace which, bool isOwn, NamespaceFinder.Found found, Func<ValueList<NetworkLink>, bool> isWanted, out NetworkSpace? space)
    {
        space = null;
        var errno = _netlink.TryOpen(isOwn ? null : PathOf(which), _withSockets, out var session);
        if (session is null)
        {
            return errno;
        }

        using (session)
        {
            errno = session.TryAsk(NetlinkRequest.Links(), out var answer);
            if (errno != Errno.Success)
            {
                return errno;
            }

            var links = NetlinkTables.Links(answer);
            if (!isWanted(links))
            {
                return Errno.Success;
            }

            var filters = session.TryAsk(NetlinkRequest.Queueing(), out answer) == Errno.Success ? NetlinkTables.Queueing(answer) : null;
            space = new NetworkSpace(which, isOwn)
            {
                Links = [.. links.Select(link => Resolve(session, link, which, found) with
                {
                    Filters = [.. (filters?[link.Index] ?? []).Where(kind => kind is "ingress" or "clsact")],
                    VirtualFunctions = VirtualFunctions(session, link, isOwn),
                })],
                Addresses = Ask(session, NetlinkRequest.Addresses(), AddressSource, bytes => NetlinkTables.Addresses(bytes)),
                Routes = Ask(session, NetlinkRequest.Routes(), RouteSource, bytes => NetlinkTables.Routes(bytes)),
                Rules = Ask(session, NetlinkRequest.Rules(), RuleSource, bytes => NetlinkTables.Rules(bytes)),
                KernelClients = KernelClientReader.Read(_files, Net(which, isOwn), isOwn),
                RedirectTargets = session.TryAsk(NetlinkRequest.Redirections(), out answer) == Errno.Success ? NetlinkTables.RedirectTargets(answer) : [],
                Sockets = Sockets(session, which, isOwn),
            };
            return Errno.Success;
        }
    }

    // The file is in the directory of every device that can have virtual functions, whatever its bus. It is not read: the kernel would wait for the device's lock.
    private Fact<ValueList<InterfaceVirtualFunction>> VirtualFunctions(INetlinkSession session, NetworkLink link, bool isOwn)
    {
        var device = link.Parent ?? (isOwn ? $"/sys/class/net/{link.Name}/device" : null);
        var file = $"{device}/sriov_numvfs";
        return device is null ? Fact.Unknown<ValueList<InterfaceVirtualFunction>>(LinkSource, "the kernel does not say which device provides the interface")
            : _files.ReadStatus(file).IsAbsent ? Fact.Absent<ValueList<InterfaceVirtualFunction>>(file)
            : VirtualFunctionTable.Read(session, link.Index);
    }

    // For the namespace of the interface below it has a number that means something here only: whose it is has to be asked.
    private static NetworkLink Resolve(INetlinkSession session, NetworkLink link, NetworkNamespace which, NamespaceFinder.Found found)
    {
        if (link is not { IsStacked: true, LowerNumber: { } number })
        {
            return link;
        }

        foreach (var candidate in found.Others.Prepend(found.Own).Where(candidate => candidate.Id != which.Id))
        {
            var path = candidate == found.Own ? "/proc/self/ns/net" : PathOf(candidate);
            if (session.TryNamespaceId(path, out var id) == Errno.Success && id == number)
            {
                return link with { LowerNamespace = candidate.Id };
            }
        }

        return link;
    }

    private Fact<ValueList<NetworkSocket>> Sockets(INetlinkSession session, NetworkNamespace which, bool isOwn)
    {
        if (!_withSockets)
        {
            return Fact.Unknown<ValueList<NetworkSocket>>(SocketSource, NetworkState.NotAskedFor);
        }

        var sockets = new List<NetworkSocket>();

        // A namespace without a process has none, and nobody's file shows it.
        var packets = isOwn || which.ProcessId is not null ? _files.ReadText($"{Net(which, isOwn)}/packet") : Fact.Absent<string>("/proc/net/packet");
        if (packets.IsUnknown)
        {
            return packets.Select(_ => ValueList.Create<NetworkSocket>());
        }

        sockets.AddRange(PacketSockets.Parse(packets.Value ?? ""));

        // To ask for SCTP's sockets would load its modules, so only a namespace that has them is asked.
        var protocols = _files.ReadStatus($"{Net(which, isOwn)}/sctp").IsKnown ? [.. Protocols, ("sctp", 132)] : Protocols;
        foreach (var family in Families)
        {
            foreach (var (name, number) in protocols)
            {
                var errno = session.TryAsk(NetlinkRequest.Sockets(family, number), out var answer);

                // The kernel has no such protocol, or nothing that tells of its sockets.
                if (errno is not (Errno.Success or Errno.NotFound))
                {
                    return Fact.Unknown<ValueList<NetworkSocket>>(SocketSource, Errno.Describe(errno));
                }

                sockets.AddRange(NetlinkTables.Sockets(answer, name));
            }
        }

        if (session.TryAsk(NetlinkRequest.XdpSockets(), out var xdp) == Errno.Success)
        {
            sockets.AddRange(NetlinkTables.XdpSockets(xdp));
        }

        return Fact.Known(sockets.ToValueList(), SocketSource);
    }

    private static string Net(NetworkNamespace which, bool isOwn) => isOwn ? "/proc/net" : $"/proc/{which.ProcessId ?? 0}/net";

    private static Fact<ValueList<T>> Ask<T>(INetlinkSession session, byte[] request, string source, Func<byte[], ValueList<T>> parse)
    {
        var errno = session.TryAsk(request, out var answer);

        // A kernel that was built without rules has none.
        return errno switch
        {
            Errno.Success => Fact.Known(parse(answer), source),
            Errno.NotSupported => Fact.Known(ValueList.Create<T>(), source),
            _ => Fact.Unknown<ValueList<T>>(source, Errno.Describe(errno)),
        };
    }
}
