using System.Globalization;
using System.Net;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>A route.</summary>
/// <param name="IsV6">Whether it is one of IPv6.</param>
/// <param name="Destination">The network; null for everything.</param>
/// <param name="PrefixLength">Bits of the network.</param>
/// <param name="Table">The routing table.</param>
/// <param name="Indexes">The interfaces it leads through, several for a multipath route.</param>
internal sealed record NetworkRoute(bool IsV6, IPAddress? Destination, int PrefixLength, uint Table, ValueList<int> Indexes)
{
    /// <summary>The table that is looked at without any rule of the administrator's.</summary>
    public const uint MainTable = 254;

    /// <summary>The table of the host's own addresses.</summary>
    public const uint LocalTable = 255;

    private const byte Kernel = 2;
    private const byte RouterAdvertisement = 9;

    /// <summary>The next router; null for what is connected directly.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The origin of the route (RTPROT_*).</summary>
    public byte Protocol { get; init; }

    /// <summary>Whether it is a default route.</summary>
    public bool IsDefault => PrefixLength == 0;

    /// <summary>Whether the kernel made it for an address.</summary>
    public bool IsOfAnAddress => Protocol == Kernel;

    /// <summary>Whether an IPv6 router announced it.</summary>
    public bool IsLearned => Protocol == RouterAdvertisement;

    /// <summary>Whether it is one that every interface has that is switched on.</summary>
    public bool IsOfTheLink => Table == LocalTable || IpRanges.IsOfTheLink(Destination, PrefixLength, Gateway is not null);

    /// <summary><c>default</c>, <c>198.51.100.0/24</c>.</summary>
    public string Target => IsDefault ? "default" : string.Create(CultureInfo.InvariantCulture, $"{Destination}/{PrefixLength}");
}
