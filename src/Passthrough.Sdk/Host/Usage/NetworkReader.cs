using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads the network interfaces of PCI functions.</summary>
internal static class NetworkReader
{
    private const string Directory = "/sys/class/net";
    private const string NotHere = "it is not in the network namespace of this process";
    private const int IsEnabled = 1;

    /// <summary>All of them, those that were moved to another network namespace too.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="own">The interfaces that /sys/class/net shows, by function.</param>
    /// <param name="state">The host's networks.</param>
    public static ILookup<PciAddress, NetworkInterface> Read(ISysfs files, ILookup<PciAddress, string> own, NetworkState state)
    {
        var found = own.SelectMany(group => group, (group, name) => (group.Key, Interface: ReadOwn(files, name, state))).ToList();
        var known = found.Select(f => (f.Key, f.Interface.Name)).ToHashSet();
        foreach (var space in state.Spaces)
        {
            foreach (var link in space.Links.Where(link => link.Parent is not null))
            {
                // Of a virtio or USB device the function is further up.
                if (ClassLinks.OwnerOf(files.ReadLink(link.Parent!).Value ?? link.Parent!) is { } owner && !(space.IsOwn && known.Contains((owner, link.Name))))
                {
                    found.Add((owner, ReadMoved(space, link, state)));
                }
            }
        }

        return found.ToLookup(f => f.Key, f => f.Interface);
    }

    private static NetworkInterface ReadOwn(ISysfs files, string name, NetworkState state)
    {
        var path = $"{Directory}/{name}";
        var net = new NetworkInterface
        {
            Name = name,
            HardwareAddress = files.ReadText($"{path}/address"),
            OperationalState = files.ReadText($"{path}/operstate"),
            IsEnabled = files.ReadNumber($"{path}/flags").Select(flags => (flags & IsEnabled) != 0),
            Master = files.ReadLinkName($"{path}/master"),
        };

        // sysfs shows the namespace of whoever mounted it, which need not be this process's.
        var number = files.ReadNumber($"{path}/ifindex");
        var link = state.Own.Links.FirstOrDefault(link => link.Name == name && (!number.IsKnown || number.Value == link.Index));
        return link is not null ? Fill(net, state, NetworkStack.Of(state, state.Own, link, lower => Uppers(files, lower)))
            : net with
            {
                IsInUse = Fact.Unknown<bool>(path, NotHere),
                VirtualFunctions = Fact.Unknown<ValueList<InterfaceVirtualFunction>>(path, NotHere),
            };
    }

    private static NetworkInterface ReadMoved(NetworkSpace space, NetworkLink link, NetworkState state)
    {
        const string Elsewhere = "it is in another network namespace";
        var path = $"{Directory}/{link.Name}";
        var net = new NetworkInterface
        {
            Name = link.Name,
            Namespace = space.IsOwn ? null : space.Namespace,
            HardwareAddress = Fact.Unknown<string>($"{path}/address", Elsewhere),
            OperationalState = Fact.Unknown<string>($"{path}/operstate", Elsewhere),
            IsEnabled = Fact.Known(link.IsUp, $"ip link in {space.Namespace}"),
            Master = space.Links.FirstOrDefault(master => link.Master != 0 && master.Index == link.Master) is { } master
                ? Fact.Known(master.Name, $"ip link in {space.Namespace}") : Fact.Absent<string>($"ip link in {space.Namespace}"),
        };
        return Fill(net, state, NetworkStack.Of(state, space, link, _ => []));
    }

    private static NetworkInterface Fill(NetworkInterface net, NetworkState state, NetworkStack stack)
    {
        var uses = NetworkUseFinder.Find(state, stack);
        var space = stack.First.Space;
        var routes = space.Routes.Select(_ => NetworkUseFinder.RoutesOf(stack).Any(r => r.Route.IsDefault));
        var addresses = space.Addresses.Select(_ => NetworkUseFinder.AddressesOf(stack)
            .Select(a => new InterfaceAddress(a.Part.Link.Name, a.Address.Address.ToString(), a.Address.PrefixLength)).ToValueList());
        return net with
        {
            Uppers = [.. stack.Parts.Skip(1).Select(part => part.Link.Name)],
            Addresses = addresses,
            HasDefaultRoute = routes,
            Uses = uses,
            VirtualFunctions = stack.First.Link.VirtualFunctions,
            IsInUse = uses.FirstOrDefault(use => use.IsHeld) is { } held ? Fact.Known(true, held.Source)
                : Missing(state, stack) is { } missing ? missing
                : Fact.Known(false, routes.Source),
        };
    }

    /// <summary>The first source without which nobody can say that there is no use; null if all were read.</summary>
    private static Fact<bool>? Missing(NetworkState state, NetworkStack stack)
    {
        foreach (var space in stack.Parts.Select(part => part.Space).Distinct())
        {
            if ((Unread(space.Routes) ?? Unread(space.Addresses) ?? Unread(space.Rules) ?? Unread(space.Sockets)) is { } unread)
            {
                return unread;
            }
        }

        return Unread(state.Others);
    }

    private static Fact<bool>? Unread<T>(Fact<T> fact) =>
        fact is { IsUnknown: true, Reason: not (NetworkState.NotAskedFor or NetworkState.NotCaptured) } ? fact.Select(_ => false) : null;

    /// <summary>Returns the interfaces that are built on an interface. An old kernel links only the master.</summary>
    private static IEnumerable<string> Uppers(ISysfs files, string name)
    {
        const string Prefix = "upper_";
        var names = files.List($"{Directory}/{name}");
        foreach (var upper in names.IsKnown ? names.Value.Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)) : [])
        {
            yield return upper[Prefix.Length..];
        }

        if (files.ReadLinkName($"{Directory}/{name}/master") is { IsKnown: true, Value: { } master })
        {
            yield return master;
        }
    }
}
