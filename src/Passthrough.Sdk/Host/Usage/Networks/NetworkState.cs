using System.Collections.ObjectModel;
using System.Net;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>The network namespaces of a host in which something of its devices may stand.</summary>
internal sealed record NetworkState
{
    /// <summary>The reason of unknown namespaces if the files of the host do not describe them.</summary>
    public const string NotCaptured = "these files do not describe other network namespaces";

    /// <summary>The reason of unknown sockets if they were not requested.</summary>
    public const string NotAskedFor = "not asked for";

    /// <summary>The namespaces, the own one first.</summary>
    public ValueList<NetworkSpace> Spaces { get; init; } = [];

    /// <summary>The number of other namespaces, if each of them was read.</summary>
    public Fact<int> Others { get; init; }

    /// <summary>The host's address at which the SSH connection of this session ends; null if there is none.</summary>
    public IPAddress? SessionAddress { get; init; }

    /// <summary>The processes that have sockets, by the sockets' inodes.</summary>
    public IReadOnlyDictionary<uint, string> SocketOwners { get; init; } = ReadOnlyDictionary<uint, string>.Empty;

    /// <summary>The own namespace.</summary>
    public NetworkSpace Own => Spaces[0];
}
