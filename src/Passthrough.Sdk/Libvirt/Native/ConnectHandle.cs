namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>A virConnectPtr.</summary>
internal sealed class ConnectHandle : VirHandle
{
    private nint _closeCallback;

    /// <summary>For the marshaller.</summary>
    public ConnectHandle()
    {
    }

    /// <summary>Has <paramref name="owner"/> told when the connection breaks, where the driver can tell. Once, before anybody else has the handle.</summary>
    internal void Watch(IConnectionOwner owner) => _closeCallback = CloseCallback.Register(this, owner);

    protected override int Free(nint pointer)
    {
        // The callback holds a reference of its own: with it the connection would stay open forever.
        if (_closeCallback != 0)
        {
            CloseCallback.Unregister(pointer, _closeCallback);
        }

        // More than 0 is the number of references left (domains, node devices): they close it when they go.
        return LibVirt.virConnectClose(pointer);
    }
}
