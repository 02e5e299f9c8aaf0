namespace Passthrough.Sdk.Sysfs.Netlink;

/// <summary>Opens netlink sockets: the way on which the kernel tells of networks what its files do not hold.</summary>
/// <remarks>Everything but the settings of virtual functions is only asked. Thread safety: all members may be called from several threads at the same time.</remarks>
internal interface INetlinkSource
{
    /// <summary>Whether all questions are answered; false for the kernel of a fake host, which knows only single interfaces and describes its networks in a file.</summary>
    bool IsWhole => true;

    /// <summary>Opens sockets in a network namespace.</summary>
    /// <param name="path">A file that stands for the namespace (<c>/proc/PID/ns/net</c>, <c>/run/netns/NAME</c>); null for this process's own.</param>
    /// <param name="withSockets">Whether the kernel will be asked about sockets too.</param>
    /// <param name="session">The open sockets; null on failure.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryOpen(string? path, bool withSockets, out INetlinkSession? session);
}
