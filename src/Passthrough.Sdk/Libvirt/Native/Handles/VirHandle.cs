using Microsoft.Win32.SafeHandles;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>One reference to an object of libvirt's, given back when disposed of or finalised.</summary>
/// <remarks>
/// The objects of a connection hold its handle: handles may be released in any order, also by the finaliser, and the connection is
/// closed when the last of them goes. Closing may wait for the daemon; giving back anything else does not.
/// </remarks>
internal abstract class VirHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private ConnectHandle? _connection;

    protected VirHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Holds the connection that this object came from, until this is released.</summary>
    /// <exception cref="ObjectDisposedException">The connection was disposed of; this is released.</exception>
    internal void BelongsTo(ConnectHandle connection)
    {
        var added = false;
        try
        {
            connection.DangerousAddRef(ref added);
            _connection = connection;
        }
        catch (ObjectDisposedException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether the connection behind this object has a peer and is no longer open. Nothing is sent.</summary>
    internal bool IsLost()
    {
        var added = false;
        try
        {
            // Another thread may dispose of this at any time.
            DangerousAddRef(ref added);
            return (_connection ?? this as ConnectHandle) is { HasPeer: true } connection && LibVirt.virConnectIsAlive(connection.DangerousGetHandle()) == 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            if (added)
            {
                DangerousRelease();
            }
        }
    }

    /// <summary>Gives the reference back; negative is failure.</summary>
    protected abstract int Free(nint pointer);

    protected sealed override unsafe bool ReleaseHandle()
    {
        // Another thread may dispose while this one is inside a call. Then the last release happens here, between the call
        // and the reading of its error, and libvirt's free functions would wipe that error: let another thread do it.
        if (LibVirt.virGetLastError() is not null)
        {
            return ThreadPool.UnsafeQueueUserWorkItem(static its => its.Self.Release(its.Pointer), (Self: this, Pointer: handle), preferLocal: false);
        }

        return Release(handle);
    }

    private bool Release(nint pointer)
    {
        var isFree = Free(pointer) >= 0;
        _connection?.DangerousRelease();
        return isFree;
    }
}
