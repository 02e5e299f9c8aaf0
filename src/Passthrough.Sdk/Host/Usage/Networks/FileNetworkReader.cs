using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>
/// Reads the networks of a host that is made of files: what stands on what from /sys/class/net, addresses and the routes of the main
/// table from /proc/net. Other tables, rules and other network namespaces are in no file.
/// </summary>
internal static class FileNetworkReader
{
    private const string Directory = "/sys/class/net";
    private const int IsUp = 1;

    // Where a file does not say it. No kernel gives numbers as high as these.
    private const int FirstOwnIndex = 0x4000_0000;

    public static NetworkState Read(ISysfs files)
    {
        var names = files.List(Directory);
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names.IsKnown ? names.Value : [])
        {
            indexes[name] = files.ReadNumber($"{Directory}/{name}/ifindex") is { IsKnown: true, Value: > 0 and < FirstOwnIndex } number
                ? (int)number.Value : FirstOwnIndex + indexes.Count;
        }

        var routes4 = files.ReadText("/proc/net/route").Select(text => RouteTables.V4Routes(text, indexes));
        var routes6 = files.ReadText("/proc/net/ipv6_route").Select(text => RouteTables.V6Routes(text, indexes));
        var trie = files.ReadText("/proc/net/fib_trie");

        // A kernel without IPv6 has none of its files, which is an answer; a file that may not be read is none.
        var space = new NetworkSpace(new NetworkNamespace(0), IsOwn: true)
        {
            Links = [.. indexes.Keys.Select(name => Link(files, name, indexes))],
            Addresses = Join(
                trie.IsKnown ? routes4.Select(all => RouteTables.V4Addresses(trie.Value!, all)) : trie.Select(_ => ValueList.Create<NetworkAddress>()),
                files.ReadText("/proc/net/if_inet6").Select(text => RouteTables.V6Addresses(text, indexes))),
            Routes = Join(routes4, routes6),
            Rules = Fact.Known(ValueList.Create<NetworkRule>(), "/proc/net"),
            KernelClients = KernelClientReader.Read(files, "/proc/net", isOwn: true),
            Sockets = Fact.Unknown<ValueList<NetworkSocket>>("/proc/net", NetworkState.NotAskedFor),
        };
        return new NetworkState { Spaces = [space], Others = Fact.Unknown<int>("/proc/*/ns/net", NetworkState.NotCaptured) };
    }

    private static NetworkLink Link(ISysfs files, string name, Dictionary<string, int> indexes)
    {
        var path = $"{Directory}/{name}";
        return new NetworkLink(indexes[name], name)
        {
            Kind = KindOf(files, path, name),
            IsUp = files.ReadNumber($"{path}/flags") is { IsKnown: true } flags && (flags.Value & IsUp) != 0,
            Master = files.ReadLinkName($"{path}/master").Value is { } master ? indexes.GetValueOrDefault(master) : 0,
        };
    }

    private static string? KindOf(ISysfs files, string path, string name)
    {
        var there = files.List(path);
        return !there.IsKnown ? null
            : there.Value.Contains("bridge") ? "bridge"
            : there.Value.Contains("bonding") ? "bond"
            : there.Value.Contains("tun_flags") ? "tun"
            : files.ReadStatus($"/proc/net/vlan/{name}").IsKnown ? "vlan"
            : null;
    }

    private static Fact<ValueList<T>> Join<T>(Fact<ValueList<T>> a, Fact<ValueList<T>> b) =>
        a.IsUnknown ? a : b.IsUnknown ? b
        : !a.IsKnown && !b.IsKnown ? a
        : Fact.Known(a.Value.Concat(b.Value).ToValueList(), a.IsKnown ? a.Source : b.Source);
}
