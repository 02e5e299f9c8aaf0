using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Numerics;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage.Networks;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads addresses and the routes of the main table from the files of /proc/net.</summary>
internal static class RouteTables
{
    private const int IsUp = 1;
    private const uint LearnedFromRouter = 0x1_0000 | 0x4_0000;
    private const uint IsOwnAddress = 0x8000_0000 | 0x0010_0000;
    private const byte Permanent = 0x80;
    private const byte Kernel = 2;
    private const byte Static = 4;
    private const byte RouterAdvertisement = 9;

    /// <summary>Local addresses, each given to the interface of the narrowest directly connected network that holds it.</summary>
    /// <param name="trie">The text of /proc/net/fib_trie.</param>
    /// <param name="routes">The routes of the main table.</param>
    public static ValueList<NetworkAddress> V4Addresses(string trie, ValueList<NetworkRoute> routes)
    {
        var networks = routes.Where(route => route is { Gateway: null, Destination: not null }).OrderByDescending(route => route.PrefixLength).ToList();
        var found = new SortedSet<uint>();
        var candidate = "";
        foreach (var line in trie.Split('\n'))
        {
            var word = line.Trim();
            candidate = word.StartsWith("|-- ", StringComparison.Ordinal) ? word[4..] : candidate;
            if (word == "/32 host LOCAL" && IPAddress.TryParse(candidate, out var address) && address.GetAddressBytes() is { Length: 4 } bytes)
            {
                found.Add(BinaryPrimitives.ReadUInt32BigEndian(bytes));
            }
        }

        return
        [
            .. from value in found
               where value >> 24 != 127
               let address = Address(value)
               let network = networks.Find(n => IpRanges.Contains(n.Destination!, n.PrefixLength, address))
               select new NetworkAddress(network is { Indexes: [var first, ..] } ? first : 0, address, network?.PrefixLength ?? 32, true)
        ];
    }

    /// <summary><c>fe80000000000000505400fffe112233 02 40 20 80     eth0</c>.</summary>
    public static ValueList<NetworkAddress> V6Addresses(string text, IReadOnlyDictionary<string, int> indexes) =>
    [
        .. from line in text.Split('\n')
           let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           where words.Length >= 6 && words[5] != "lo" && indexes.ContainsKey(words[5])
           let address = V6(words[0])
           where address is not null
           select new NetworkAddress(indexes[words[5]], address, (int)(Hex(words[2]) ?? 128), ((Hex(words[4]) ?? 0) & Permanent) != 0)
    ];

    /// <summary>Interface, destination, gateway, flags, ..., mask, below a line of headings.</summary>
    public static ValueList<NetworkRoute> V4Routes(string text, IReadOnlyDictionary<string, int> indexes)
    {
        var routes = new List<NetworkRoute>();
        foreach (var line in text.Split('\n').Skip(1))
        {
            var words = line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 8 && NetworkOrder(words[1]) is { } destination && NetworkOrder(words[2]) is { } gateway
                && NetworkOrder(words[7]) is { } mask && Hex(words[3]) is { } flags && (flags & IsUp) != 0 && indexes.TryGetValue(words[0], out var index))
            {
                var prefix = BitOperations.PopCount(mask);
                routes.Add(new NetworkRoute(false, prefix == 0 ? null : Address(destination), prefix, NetworkRoute.MainTable, [index])
                {
                    Gateway = gateway == 0 ? null : Address(gateway),

                    // The file does not say who made it; what is connected directly the kernel made for an address, mostly.
                    Protocol = Static,
                });
            }
        }

        return routes.ToValueList();
    }

    /// <summary>Destination, its prefix length, source, its prefix length, gateway, metric, uses, uses, flags, interface; the kernel's own reject route of everything is on lo.</summary>
    public static ValueList<NetworkRoute> V6Routes(string text, IReadOnlyDictionary<string, int> indexes)
    {
        var routes = new List<NetworkRoute>();
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 10 && words[9] != "lo" && V6(words[0]) is { } destination && Hex(words[1]) is { } prefix
                && V6(words[4]) is { } gateway && Hex(words[8]) is { } flags && (flags & IsOwnAddress) == 0 && indexes.TryGetValue(words[9], out var index))
            {
                var hasGateway = !gateway.Equals(IPAddress.IPv6Any);
                routes.Add(new NetworkRoute(true, prefix == 0 ? null : destination, (int)prefix, NetworkRoute.MainTable, [index])
                {
                    Gateway = hasGateway ? gateway : null,
                    Protocol = (flags & LearnedFromRouter) != 0 ? RouterAdvertisement : hasGateway || prefix == 0 ? Static : Kernel,
                });
            }
        }

        return routes.ToValueList();
    }

    private static IPAddress Address(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }

    private static IPAddress? V6(string digits) =>
        digits.Length == 32 && digits.All(char.IsAsciiHexDigit) ? new IPAddress(Convert.FromHexString(digits)) : null;

    private static uint? Hex(string text) => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;

    // The kernel prints the bytes of the address as one number of the machine: the first byte last on a little-endian one.
    private static uint? NetworkOrder(string text) => Hex(text) is { } number ? BinaryPrimitives.ReverseEndianness(number) : null;
}
