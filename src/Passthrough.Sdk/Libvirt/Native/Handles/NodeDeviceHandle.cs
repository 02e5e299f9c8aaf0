namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>A virNodeDevicePtr.</summary>
internal sealed class NodeDeviceHandle : VirHandle
{
    /// <summary>For the marshaller.</summary>
    public NodeDeviceHandle()
    {
    }

    /// <summary>Takes over a reference that a list function handed out.</summary>
    internal NodeDeviceHandle(nint owned) => SetHandle(owned);

    protected override int Free(nint pointer) => LibVirt.virNodeDeviceFree(pointer);
}
