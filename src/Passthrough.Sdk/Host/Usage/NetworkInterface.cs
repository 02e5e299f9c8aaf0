using System.Collections.Immutable;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>A network interface that a PCI function provides to the host.</summary>
/// <remarks>What stands on it counts as its own: addresses of a bridge or bond are lost with it. Thread safety: immutable.</remarks>
public sealed record NetworkInterface
{
    /// <summary>Its name, <c>enp1s0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its MAC address. Source: /sys/class/net/NAME/address.</summary>
    public Fact<string> HardwareAddress { get; init; }

    /// <summary><c>up</c>, <c>down</c>, <c>unknown</c>, ... Source: /sys/class/net/NAME/operstate.</summary>
    public Fact<string> OperationalState { get; init; }

    /// <summary>Whether it was switched on (IFF_UP), with or without a cable. Source: /sys/class/net/NAME/flags.</summary>
    public Fact<bool> IsEnabled { get; init; }

    /// <summary>The bridge, bond or team that it is a port of; absent where it is none's. Source: the link /sys/class/net/NAME/master.</summary>
    public Fact<string> Master { get; init; }

    /// <summary>The interfaces that stand on it, directly or not: bridges, bonds, VLANs, macvlans. Source: the links /sys/class/net/NAME/upper_*.</summary>
    public ImmutableArray<string> Uppers { get; init; } = [];

    /// <summary>
    /// The addresses of it and of what stands on it, as this process's network namespace has them.
    /// Sources: /proc/net/fib_trie with /proc/net/route, /proc/net/if_inet6.
    /// </summary>
    public Fact<ImmutableArray<InterfaceAddress>> Addresses { get; init; }

    /// <summary>Whether a default route leads through it or through what stands on it. Sources: /proc/net/route, /proc/net/ipv6_route.</summary>
    public Fact<bool> HasDefaultRoute { get; init; }

    /// <summary>
    /// Whether the host uses it: a default route, an address that reaches beyond the link, or a master it is a port of while
    /// it is switched on. Unknown where nothing says yes and something could not be read.
    /// </summary>
    public Fact<bool> IsInUse
    {
        get
        {
            if (HasDefaultRoute.Value)
            {
                return HasDefaultRoute;
            }

            if (Addresses.IsKnown && Addresses.Value.Any(a => !a.IsLinkLocal))
            {
                return Fact.Known(true, Addresses.Source);
            }

            if (Master.IsKnown && IsEnabled is not { IsKnown: true, Value: false })
            {
                return Fact.Known(true, Master.Source);
            }

            return HasDefaultRoute.IsUnknown ? HasDefaultRoute
                : Addresses.IsUnknown ? Fact.Unknown<bool>(Addresses.Source, Addresses.Reason ?? "not read")
                : Fact.Known(false, HasDefaultRoute.Source);
        }
    }
}
