namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>A virConnectPtr.</summary>
internal sealed class ConnectHandle : VirHandle
{
    /// <summary>For the marshaller.</summary>
    public ConnectHandle()
    {
    }

    // More than 0 is the number of references left (domains, node devices): they close it when they go.
    protected override int Free(nint pointer) => LibVirt.virConnectClose(pointer);
}
