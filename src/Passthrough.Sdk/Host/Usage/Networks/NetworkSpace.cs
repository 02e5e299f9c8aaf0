using System.Collections.Immutable;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>The content of one network namespace.</summary>
/// <param name="Namespace">Which one.</param>
/// <param name="IsOwn">Whether it is the one of whoever read it.</param>
internal sealed record NetworkSpace(NetworkNamespace Namespace, bool IsOwn)
{
    /// <summary>The interfaces.</summary>
    public ImmutableArray<NetworkLink> Links { get; init; } = [];

    /// <summary>The addresses.</summary>
    public Fact<ImmutableArray<NetworkAddress>> Addresses { get; init; }

    /// <summary>The routes of all tables; of a host made of files those of the main one.</summary>
    public Fact<ImmutableArray<NetworkRoute>> Routes { get; init; }

    /// <summary>The routing rules.</summary>
    public Fact<ImmutableArray<NetworkRule>> Rules { get; init; }

    /// <summary>The interfaces that PPPoE sessions run over.</summary>
    public ImmutableArray<string> PppoeInterfaces { get; init; } = [];

    /// <summary>The sockets that are bound to an interface or connected; unknown if they were not asked for.</summary>
    public Fact<ImmutableArray<NetworkSocket>> Sockets { get; init; }
}
