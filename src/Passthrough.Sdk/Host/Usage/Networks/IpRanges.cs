using System.Net;
using System.Net.Sockets;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>The ranges of addresses that mean nothing for the use of an interface.</summary>
internal static class IpRanges
{
    /// <summary>fe80::/10 and 169.254.0.0/16.</summary>
    public static bool IsLinkLocal(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? address.IsIPv6LinkLocal : Contains("169.254.0.0", 16, address);

    /// <summary>Whether a route to a network is one that the kernel or zeroconf makes on every interface that is switched on.</summary>
    public static bool IsOfTheLink(IPAddress? destination, int prefix, bool hasGateway) =>
        destination is not null && !hasGateway
        && (destination.AddressFamily == AddressFamily.InterNetworkV6
            ? (destination.IsIPv6LinkLocal && prefix >= 10) || (destination.IsIPv6Multicast && prefix >= 8)
            : Contains("169.254.0.0", 16, destination) && prefix >= 16);

    /// <summary>Whether a network holds an address.</summary>
    public static bool Contains(IPAddress network, int prefix, IPAddress address)
    {
        var (a, b) = (network.GetAddressBytes(), address.GetAddressBytes());
        if (a.Length != b.Length)
        {
            return false;
        }

        for (var bit = 0; bit < Math.Min(prefix, a.Length * 8); bit++)
        {
            var mask = 0x80 >> (bit % 8);
            if ((a[bit / 8] & mask) != (b[bit / 8] & mask))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contains(string network, int prefix, IPAddress address) => Contains(IPAddress.Parse(network), prefix, address);
}
