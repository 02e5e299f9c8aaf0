using System.Threading.Channels;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>The subscriptions of one connection to one kind of events.</summary>
/// <remarks>
/// libvirt takes a callback once per connection and event ("event callback already tracked"): it is registered with the first
/// subscription, serves all, and goes with the last.
/// </remarks>
/// <param name="register">Registers the callbacks of this kind, which may wait for the daemon; on an exception, what it has added is undone.</param>
/// <param name="capacity">The number of unread events that a subscription keeps.</param>
internal sealed class EventHub<T>(Action<Broadcast<T>, ICollection<EventRegistration>> register, int capacity)
{
    // Held for a moment only, so that whoever disposes never waits for the daemon.
    private readonly Lock _gate = new();

    // Held while the daemon is asked.
    private readonly Lock _registering = new();
    private readonly Broadcast<T> _broadcast = new();
    private List<EventRegistration> _registrations = [];
    private Exception? _failure;
    private bool _isClosed;

    public LibvirtSubscription<T> Subscribe()
    {
        var channel = Channel.CreateBounded<T>(capacity);
        lock (_gate)
        {
            ThrowIfEnded();
            _broadcast.Add(channel.Writer);
        }

        try
        {
            EnsureRegistered();
        }
        catch
        {
            Unsubscribe(channel.Writer);
            throw;
        }

        return new LibvirtSubscription<T>(channel.Reader, () => Unsubscribe(channel.Writer));
    }

    /// <summary>Ends every subscription with an error for its reader, and refuses others with the same error.</summary>
    public void Fail(Exception error)
    {
        lock (_gate)
        {
            _failure = error;
        }

        _broadcast.Complete(error);
    }

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

    private void EnsureRegistered()
    {
        lock (_registering)
        {
            lock (_gate)
            {
                if (_registrations.Count > 0)
                {
                    return;
                }
            }

            var made = new List<EventRegistration>();
            try
            {
                register(_broadcast, made);
                lock (_gate)
                {
                    ThrowIfEnded();
                    (_registrations, made) = (made, []);
                }
            }
            finally
            {
                made.ForEach(registration => registration.Dispose());
            }
        }
    }

    private void ThrowIfEnded()
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(LibvirtConnection));
        if (_failure is not null)
        {
            throw _failure;
        }
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
        _registrations.ForEach(registration => registration.Dispose());
        _registrations = [];
    }
}
