namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>A virConnectPtr.</summary>
internal sealed class ConnectHandle : VirHandle
{
    private readonly ReleaseLane _releases = new();
    private nint _closeCallback;

    /// <summary>For the marshaller.</summary>
    public ConnectHandle()
    {
    }

    /// <summary>Whether a daemon is at the other end, so that calls may wait for it. False for a driver in this process.</summary>
    internal bool HasPeer { get; private set; }

    /// <summary>Has libvirt ask a silent daemon for a sign of life. Once, before anybody else has the handle.</summary>
    /// <param name="seconds">How long the daemon may be silent before it is asked; 0 for never.</param>
    /// <param name="count">How many questions may stay without an answer before the connection is given up.</param>
    /// <remarks>Without it, a call to a host that has vanished waits forever. A driver in this process refuses it, and needs none.</remarks>
    internal void KeepAlive(int seconds, uint count) => HasPeer = LibVirt.virConnectSetKeepAlive(this, seconds, count) >= 0;

    /// <summary>Has <paramref name="owner"/> told when the connection breaks, where the driver can tell. Once, before anybody else has the handle.</summary>
    internal void Watch(IConnectionOwner owner) => _closeCallback = CloseCallback.Register(this, owner);

    /// <summary>Makes a call that gives something back to the daemon, without waiting for the daemon.</summary>
    internal void GiveBack(Action call)
    {
        if (HasPeer)
        {
            _releases.Post(call);
        }
        else
        {
            call();
        }
    }

    /// <summary>Waits until everything is given back that was to be given back so far.</summary>
    /// <returns>False if the time is over first; it is still going on then.</returns>
    internal bool WaitForReleases(TimeSpan timeout) => _releases.Wait(timeout);

    protected override int Free(nint pointer)
    {
        // The daemon is told of the end and answers. One that does not answer would hold up whoever disposes, or all finalisers.
        GiveBack(() => Close(pointer));
        return 0;
    }

    private void Close(nint pointer)
    {
        // The callback holds a reference of its own: with it the connection would stay open forever.
        if (_closeCallback != 0)
        {
            CloseCallback.Unregister(pointer, _closeCallback);
        }

        // More than 0 is the number of references left, which are not ours.
        _ = LibVirt.virConnectClose(pointer);
    }
}
