using System.Threading.Channels;

namespace Passthrough.Sdk.Extensions;

/// <summary>A subscription to the events of the host. It delivers the events after its creation, in their order.</summary>
/// <remarks>
/// At most <see cref="PassthroughOptions.EventCapacity"/> events wait for the reader. If more arrive, the oldest are dropped, and the next event
/// says how many (<see cref="PassthroughEvent.Missed"/>). A loop ends when the subscription or the container is disposed of. Thread safety:
/// one loop at a time; <see cref="Dispose"/> may be called from any thread.
/// </remarks>
/// <example>
/// <code>
/// using var subscription = events.Subscribe();
/// await foreach (var happened in subscription.WithCancellation(stoppingToken))
///     Console.WriteLine($"{happened.Kind}: {string.Join(", ", happened.Appeared)}");
/// </code>
/// </example>
public sealed class PassthroughSubscription : IAsyncEnumerable<PassthroughEvent>, IDisposable
{
    private readonly Channel<(long Number, PassthroughEvent Happened)> _channel;
    private readonly Action<PassthroughSubscription> _unsubscribe;
    private long _written;
    private long _read;

    internal PassthroughSubscription(int capacity, Action missed, Action<PassthroughSubscription> unsubscribe)
    {
        _channel = Channel.CreateBounded<(long, PassthroughEvent)>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true }, _ => missed());
        _unsubscribe = unsubscribe;
    }

    /// <summary>Reads the events (<c>await foreach</c>).</summary>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerator<PassthroughEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var (number, happened) in _channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            var missed = number - _read - 1;
            _read = number;
            yield return missed == 0 ? happened : happened with { Missed = missed };
        }
    }

    /// <summary>Ends the subscription. Events that have already arrived can still be read. Further calls have no effect.</summary>
    public void Dispose()
    {
        _unsubscribe(this);
        Complete();
    }

    // The publisher calls both under its lock, so that the numbers are in the order of the channel.
    internal void Publish(PassthroughEvent happened) => _channel.Writer.TryWrite((++_written, happened));

    internal void Complete() => _channel.Writer.TryComplete();
}
