using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>The content of one network namespace.</summary>
/// <param name="Namespace">The network namespace.</param>
/// <param name="IsOwn">Whether it is the one of whoever read it.</param>
internal sealed record NetworkSpace(NetworkNamespace Namespace, bool IsOwn)
{
    /// <summary>The interfaces.</summary>
    public ValueList<NetworkLink> Links { get; init; } = [];

    /// <summary>The addresses.</summary>
    public Fact<ValueList<NetworkAddress>> Addresses { get; init; }

    /// <summary>The routes of all tables; of a host made of files those of the main one.</summary>
    public Fact<ValueList<NetworkRoute>> Routes { get; init; }

    /// <summary>The routing rules.</summary>
    public Fact<ValueList<NetworkRule>> Rules { get; init; }

    /// <summary>The interfaces that PPPoE sessions run over.</summary>
    public ValueList<string> PppoeInterfaces { get; init; } = [];

    /// <summary>The sockets that are bound to an interface or connected; unknown if they were not asked for.</summary>
    public Fact<ValueList<NetworkSocket>> Sockets { get; init; }
}
