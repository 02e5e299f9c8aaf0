namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>A virNetworkPtr.</summary>
internal sealed class NetworkHandle : VirHandle
{
    /// <summary>For the marshaller.</summary>
    public NetworkHandle()
    {
    }

    /// <summary>Takes over a reference that a list function handed out.</summary>
    internal NetworkHandle(nint owned) => SetHandle(owned);

    protected override int Free(nint pointer) => LibVirt.virNetworkFree(pointer);
}
