using System.Net;
using System.Net.Sockets;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>An address of an interface.</summary>
/// <param name="Index">The interface's number.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">The length of the network prefix in bits.</param>
/// <param name="IsPermanent">Whether it has no end of life: somebody configured it.</param>
internal sealed record NetworkAddress(int Index, IPAddress Address, int PrefixLength, bool IsPermanent)
{
    /// <summary>Whether the host learned it from an IPv6 router, or from DHCPv6.</summary>
    public bool IsLearned => Address.AddressFamily == AddressFamily.InterNetworkV6 && !IsPermanent;

    /// <summary>Whether it reaches no farther than the link.</summary>
    public bool IsLinkLocal => IpRanges.IsLinkLocal(Address);
}
