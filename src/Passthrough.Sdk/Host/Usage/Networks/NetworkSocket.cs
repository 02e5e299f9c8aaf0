using System.Net;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>A socket that has to do with an interface.</summary>
/// <param name="Protocol"><c>packet</c>, <c>xdp</c>, <c>tcp</c>, <c>udp</c> or <c>raw</c>.</param>
/// <param name="Index">The interface that it is bound to; 0 for none.</param>
/// <param name="Inode">By which the processes that have it can be found; 0 for the kernel's own.</param>
internal sealed record NetworkSocket(string Protocol, int Index, uint Inode)
{
    /// <summary>Of a packet socket the kind of frames (ETH_P_*), of a raw one the IP protocol, else 0.</summary>
    public int Number { get; init; }

    /// <summary>The host's end; null if it is not bound to an address.</summary>
    public IPEndPoint? Local { get; init; }

    /// <summary>The other end; null if it is not connected.</summary>
    public IPEndPoint? Remote { get; init; }
}
