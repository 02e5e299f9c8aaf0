using Microsoft.Extensions.Options;

namespace Passthrough.Sdk.Extensions;

/// <summary>Hands every event to every subscriber.</summary>
internal sealed class PassthroughEvents(IOptions<PassthroughOptions> options, PassthroughMetrics metrics) : IPassthroughEvents, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<PassthroughSubscription> _subscriptions = [];
    private bool _isDisposed;

    public PassthroughSubscription Subscribe()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var subscription = new PassthroughSubscription(options.Value.EventCapacity, metrics.Missed, Unsubscribe);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    public void Publish(PassthroughEvent happened)
    {
        lock (_gate)
        {
            _subscriptions.ForEach(subscription => subscription.Publish(happened));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _subscriptions.ForEach(subscription => subscription.Complete());
            _subscriptions.Clear();
        }
    }

    private void Unsubscribe(PassthroughSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }
}
