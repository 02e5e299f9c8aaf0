using System.Threading.Channels;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A subscription to events. It delivers all events after its creation, in libvirt's order.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// <para>
/// Events wait in memory until they are read, up to <see cref="LibvirtConnectionOptions.EventCapacity"/>. Each subscription gets every event; several loops over one
/// subscription share its events. A loop ends when the subscription or its connection is disposed of. After the events that came before, it throws
/// <see cref="LibvirtConnectionLostException"/> if the connection is lost, and <see cref="LibvirtEventsLostException"/> if events came faster than they were read.
/// </para>
/// <para>The loop's body runs on the reader's own context, never on libvirt's event loop, and may call libvirt.</para>
/// <para>Thread safety: all members may be called from several threads at the same time.</para>
/// </remarks>
public sealed class LibvirtSubscription<TEvent> : IAsyncEnumerable<TEvent>, IDisposable
{
    private readonly Action _unsubscribe;

    /// <summary>Creates a subscription, for a connection of a test.</summary>
    /// <param name="reader">The source of the events; it is completed with an error if the connection is lost.</param>
    /// <param name="unsubscribe">Called when the subscription is disposed of.</param>
    public LibvirtSubscription(ChannelReader<TEvent> reader, Action unsubscribe)
    {
        Reader = reader;
        _unsubscribe = unsubscribe;
    }

    internal ChannelReader<TEvent> Reader { get; }

    /// <summary>Reads the events (<c>await foreach</c>).</summary>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerator<TEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Reader.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Ends the subscription. Events that have already arrived can still be read. Further calls have no effect.</summary>
    public void Dispose() => _unsubscribe();
}
