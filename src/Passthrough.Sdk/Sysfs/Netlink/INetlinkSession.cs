namespace Passthrough.Sdk.Sysfs.Netlink;

/// <summary>Netlink sockets in one network namespace.</summary>
/// <remarks>Thread safety: one question at a time.</remarks>
internal interface INetlinkSession : IDisposable
{
    /// <summary>Asks a question and reads the whole answer.</summary>
    /// <param name="request">The question, of <see cref="NetlinkRequest"/>. Its sequence number is set here.</param>
    /// <param name="messages">The messages of the answer, one after the other, without the last one that only ends it; empty on failure.</param>
    /// <returns>0, or the errno that the kernel answered or that reading met.</returns>
    int TryAsk(byte[] request, out byte[] messages);

    /// <summary>Asks which number this namespace has for another one.</summary>
    /// <param name="path">A file that stands for the other namespace.</param>
    /// <param name="id">The number; -1 where it has none.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryNamespaceId(string path, out int id);
}
