using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>A callback that libvirt calls until this is disposed of or finalised.</summary>
/// <remarks>Keeps the connection's handle: deregistering needs it, whichever of the two is finalised first.</remarks>
internal sealed unsafe class EventRegistration : SafeHandle
{
    private readonly ConnectHandle _connection;
    private readonly delegate*<nint, int, int> _deregister;

    private EventRegistration(ConnectHandle connection, delegate*<nint, int, int> deregister)
        : base(-1, ownsHandle: true)
    {
        var added = false;
        connection.DangerousAddRef(ref added);
        _connection = connection;
        _deregister = deregister;
    }

    // libvirt's ids begin with 0.
    public override bool IsInvalid => handle < 0;

    /// <summary>Registers a callback.</summary>
    /// <param name="connection">The connection on which the event is registered.</param>
    /// <param name="target">The object that the callback finds behind <c>opaque</c>.</param>
    /// <param name="eventId">libvirt's number for the event.</param>
    /// <param name="callback">The callback that this event takes.</param>
    /// <param name="register">virConnect…EventRegisterAny.</param>
    /// <param name="deregister">virConnect…EventDeregisterAny.</param>
    /// <param name="uri">The connection's name for the error.</param>
    /// <exception cref="LibvirtException">The driver does not have the event.</exception>
    public static EventRegistration Create<T>(
        ConnectHandle connection,
        Broadcast<T> target,
        int eventId,
        void* callback,
        delegate*<ConnectHandle, nint, int, void*, nint, delegate* unmanaged[Cdecl]<nint, void>, int> register,
        delegate*<nint, int, int> deregister,
        string uri)
    {
        // A callback that the daemon has not given back yet could not be registered again.
        connection.WaitForReleases(Timeout.InfiniteTimeSpan);
        var registration = new EventRegistration(connection, deregister);
        var opaque = EventCallback.Hold(target);
        var id = register(connection, 0, eventId, callback, opaque, EventCallback.Free);
        if (id < 0)
        {
            // libvirt calls freecb only for what it registered.
            var error = NativeError.Capture(connection);
            EventCallback.Drop(opaque);
            connection.DangerousRelease();
            throw error.ToException("cannot subscribe to the events of", uri);
        }

        registration.SetHandle(id);
        return registration;
    }

    protected override bool ReleaseHandle()
    {
        // The daemon is asked to send no more of these. What the callback holds is freed by libvirt's freecb, on the event loop, perhaps after this.
        _connection.GiveBack(() =>
        {
            _ = _deregister(_connection.DangerousGetHandle(), (int)handle);
            _connection.DangerousRelease();
        });
        return true;
    }
}
