namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>A virDomainPtr.</summary>
internal sealed class DomainHandle : VirHandle
{
    /// <summary>For the marshaller.</summary>
    public DomainHandle()
    {
    }

    /// <summary>Takes over a reference that a list function handed out.</summary>
    internal DomainHandle(nint owned) => SetHandle(owned);

    protected override int Free(nint pointer) => LibVirt.virDomainFree(pointer);
}
