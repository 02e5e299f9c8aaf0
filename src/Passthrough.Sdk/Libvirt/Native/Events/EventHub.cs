using System.Threading.Channels;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>The subscriptions of one connection to one kind of events.</summary>
/// <remarks>
/// libvirt takes a callback once per connection and event ("event callback already tracked"): it is registered with the first
/// subscription, serves all, and goes with the last.
/// </remarks>
/// <param name="register">Registers the callbacks of this kind; on an exception, what it has added is undone.</param>
internal sealed class EventHub<T>(Action<Broadcast<T>, ICollection<EventRegistration>> register)
{
    private readonly Lock _gate = new();
    private readonly Broadcast<T> _broadcast = new();
    private readonly List<EventRegistration> _registrations = [];
    private bool _isClosed;

    public LibvirtSubscription<T> Subscribe()
    {
        var channel = Channel.CreateUnbounded<T>();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(LibvirtConnection));
            _broadcast.Add(channel.Writer);
            try
            {
                if (_registrations.Count == 0)
                {
                    register(_broadcast, _registrations);
                }
            }
            catch
            {
                _broadcast.Remove(channel.Writer);
                Release();
                throw;
            }
        }

        return new LibvirtSubscription<T>(channel.Reader, () => Unsubscribe(channel.Writer));
    }

    /// <summary>Ends every subscription with an error for its reader.</summary>
    public void Fail(Exception error) => _broadcast.Complete(error);

    /// <summary>Ends every subscription; there will be no other.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Release();
        }

        _broadcast.Complete(null);
    }

    private void Unsubscribe(ChannelWriter<T> channel)
    {
        lock (_gate)
        {
            _broadcast.Remove(channel);
            if (_broadcast.IsEmpty)
            {
                Release();
            }
        }

        channel.TryComplete();
    }

    private void Release()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _registrations.Clear();
    }
}
