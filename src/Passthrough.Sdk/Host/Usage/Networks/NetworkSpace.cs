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

    /// <summary>The parts of the kernel that use an interface by themselves.</summary>
    public ValueList<KernelClient> KernelClients { get; init; } = [];

    /// <summary>The interfaces into which filters of <c>tc</c> send packets (mirred).</summary>
    public ValueList<int> RedirectTargets { get; init; } = [];

    /// <summary>The sockets that are bound to an interface or connected; unknown if they were not asked for.</summary>
    public Fact<ValueList<NetworkSocket>> Sockets { get; init; }
}
