using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads addresses and default routes from /proc/net.</summary>
internal sealed class RouteTables
{
    private const int RouteIsUp = 1;

    private RouteTables(Fact<ImmutableArray<InterfaceAddress>> addresses, Fact<ImmutableArray<string>> defaults)
    {
        Addresses = addresses;
        Defaults = defaults;
    }

    /// <summary>All addresses of the namespace.</summary>
    public Fact<ImmutableArray<InterfaceAddress>> Addresses { get; }

    /// <summary>The interfaces through which a default route leads.</summary>
    public Fact<ImmutableArray<string>> Defaults { get; }

    public static RouteTables Read(ISysfs files)
    {
        Fact<string> route4 = files.ReadText("/proc/net/route");
        Fact<string> route6 = files.ReadText("/proc/net/ipv6_route");
        Fact<string> trie = files.ReadText("/proc/net/fib_trie");
        Fact<string> addresses6 = files.ReadText("/proc/net/if_inet6");

        // A kernel without IPv6 has none of its files, which is an answer; a file that may not be read is none.
        return new RouteTables(
            Join(Join(trie, route4).Select(t => V4Addresses(trie.Value!, route4.Value!)), addresses6.Select(V6Addresses)),
            Join(route4.Select(V4Defaults), route6.Select(V6Defaults)));
    }

    /// <summary>Local addresses, each given to the interface of the narrowest directly connected network that holds it.</summary>
    internal static ImmutableArray<InterfaceAddress> V4Addresses(string trie, string routes)
    {
        var networks = V4Routes(routes).Where(r => r is { IsUp: true, Gateway: 0 }).OrderByDescending(r => r.Mask).ToList();
        var found = new SortedSet<uint>();
        string candidate = "";
        foreach (string line in trie.Split('\n'))
        {
            string word = line.Trim();
            candidate = word.StartsWith("|-- ", StringComparison.Ordinal) ? word[4..] : candidate;
            if (word == "/32 host LOCAL" && IPAddress.TryParse(candidate, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork)
            {
                found.Add(BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()));
            }
        }

        return
        [
            .. from value in found
               where value >> 24 != 127
               let network = networks.Where(n => (value & n.Mask) == n.Destination).Select(n => ((string, uint)?)(n.Interface, n.Mask)).FirstOrDefault()
               select new InterfaceAddress(
                   network?.Item1 ?? "",
                   string.Create(CultureInfo.InvariantCulture, $"{value >> 24}.{(value >> 16) & 255}.{(value >> 8) & 255}.{value & 255}"),
                   network is { } n ? BitOperations.PopCount(n.Item2) : 32)
        ];
    }

    /// <summary><c>fe80000000000000505400fffe112233 02 40 20 80     eth0</c>.</summary>
    internal static ImmutableArray<InterfaceAddress> V6Addresses(string text) =>
    [
        .. from line in text.Split('\n')
           let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           where words.Length >= 6 && words[0].Length == 32 && words[5] != "lo"
           select new InterfaceAddress(
               words[5],
               new IPAddress(Convert.FromHexString(words[0])).ToString(),
               int.Parse(words[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
    ];

    internal static ImmutableArray<string> V4Defaults(string text) =>
        [.. V4Routes(text).Where(r => r is { IsUp: true, Destination: 0, Mask: 0 }).Select(r => r.Interface).Distinct(StringComparer.Ordinal)];

    /// <summary>Destination, its prefix length, source, ..., interface; the kernel's own reject route of everything is on lo.</summary>
    internal static ImmutableArray<string> V6Defaults(string text) =>
    [
        .. (from line in text.Split('\n')
            let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            where words.Length >= 10 && words[1] == "00" && words[9] != "lo" && words[0].AsSpan().IndexOfAnyExcept('0') < 0
            select words[9]).Distinct(StringComparer.Ordinal)
    ];

    private static IEnumerable<(string Interface, uint Destination, uint Gateway, uint Mask, bool IsUp)> V4Routes(string text)
    {
        foreach (string line in text.Split('\n').Skip(1))
        {
            string[] words = line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 8 && TryNetworkOrder(words[1], out uint destination) && TryNetworkOrder(words[2], out uint gateway)
                && TryNetworkOrder(words[7], out uint mask) && int.TryParse(words[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int flags))
            {
                yield return (words[0], destination, gateway, mask, (flags & RouteIsUp) != 0);
            }
        }
    }

    // The kernel prints the bytes of the address as one number of the machine: the first byte last on a little-endian one.
    private static bool TryNetworkOrder(string text, out uint value)
    {
        bool parsed = uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number);
        value = BinaryPrimitives.ReverseEndianness(number);
        return parsed;
    }

    private static Fact<ImmutableArray<T>> Join<T>(Fact<ImmutableArray<T>> a, Fact<ImmutableArray<T>> b) =>
        a.IsUnknown ? a : b.IsUnknown ? b
        : !a.IsKnown && !b.IsKnown ? a
        : Fact.Known((a.IsKnown ? a.Value : []).AddRange(b.IsKnown ? b.Value : []), a.IsKnown ? a.Source : b.Source);

    private static Fact<string> Join(Fact<string> a, Fact<string> b) => a.IsKnown ? b.IsKnown ? a : b : a;
}
