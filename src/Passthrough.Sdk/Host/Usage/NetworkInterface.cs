using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>A network interface that a PCI function provides to the host.</summary>
/// <remarks>
/// What is built on it counts as its own: addresses of a bridge or bond are lost with it. An interface that is switched on is not in
/// use for that reason alone, because most hosts switch every interface on. Thread safety: immutable.
/// </remarks>
public sealed record NetworkInterface
{
    /// <summary>Gets its name, <c>enp1s0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the network namespace that it was moved to; null if it is in that of the reader. Source: <c>ip link</c> in every namespace.</summary>
    public NetworkNamespace? Namespace { get; init; }

    /// <summary>Gets its MAC address; unknown for one in another network namespace. Source: /sys/class/net/NAME/address.</summary>
    public Fact<string> HardwareAddress { get; init; }

    /// <summary>Gets the state: <c>up</c>, <c>down</c>, <c>unknown</c>, ...; unknown for one in another network namespace. Source: /sys/class/net/NAME/operstate.</summary>
    public Fact<string> OperationalState { get; init; }

    /// <summary>Gets whether it was switched on (IFF_UP), with or without a cable. Source: /sys/class/net/NAME/flags.</summary>
    public Fact<bool> IsEnabled { get; init; }

    /// <summary>Gets the bridge, bond, team or VRF that it is a port of; absent if it is a port of none. Source: the link /sys/class/net/NAME/master.</summary>
    public Fact<string> Master { get; init; }

    /// <summary>
    /// Gets the interfaces that are built on it, directly or indirectly, in every network namespace: bridges, bonds, VLANs, macvlans. Sources: the
    /// links /sys/class/net/NAME/upper_*, <c>ip link</c>.
    /// </summary>
    public ValueList<string> Uppers { get; init; } = [];

    /// <summary>
    /// Gets the addresses of it and of the interfaces that are built on it. Sources: rtnetlink (<c>ip address</c>), for hosts made of files /proc/net/fib_trie
    /// with /proc/net/route, and /proc/net/if_inet6.
    /// </summary>
    public Fact<ValueList<InterfaceAddress>> Addresses { get; init; }

    /// <summary>
    /// Gets whether a default route leads through it or through an interface that is built on it. Sources: rtnetlink (<c>ip route show table all</c>), for
    /// hosts made of files /proc/net/route and /proc/net/ipv6_route.
    /// </summary>
    public Fact<bool> HasDefaultRoute { get; init; }

    /// <summary>
    /// Gets the settings of the virtual functions, in the order of their indexes; empty if there are none now, absent if the device cannot have
    /// any. Unknown if its driver does not report them, and for a host that is made of files. Source: rtnetlink (<c>ip link show</c>).
    /// </summary>
    public Fact<ValueList<InterfaceVirtualFunction>> VirtualFunctions { get; init; }

    /// <summary>Gets the uses that could be read, the most important first; empty if none was found.</summary>
    public ValueList<NetworkUse> Uses { get; init; } = [];

    /// <summary>
    /// Gets whether a connection is lost with it, because one of <see cref="Uses"/> is held. Unknown if none is held but something could
    /// not be read; the reason says what.
    /// </summary>
    public Fact<bool> IsInUse { get; init; }
}
