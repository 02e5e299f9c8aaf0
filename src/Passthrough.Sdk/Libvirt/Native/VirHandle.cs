using Microsoft.Win32.SafeHandles;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>One reference to an object of libvirt's, given back when disposed of or finalised.</summary>
/// <remarks>
/// libvirt counts references itself: a domain keeps its connection open, so that handles may be released in any order,
/// also by the finaliser.
/// </remarks>
internal abstract class VirHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    protected VirHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Gives the reference back; negative is failure.</summary>
    protected abstract int Free(nint pointer);

    protected sealed override unsafe bool ReleaseHandle()
    {
        // Another thread may dispose while this one is inside a call; then the last release happens here, between the
        // call and the reading of its error, and libvirt's free functions wipe that error.
        VirError* saved = LibVirt.virGetLastError() is null ? null : LibVirt.virSaveLastError();
        var result = Free(handle);
        if (saved is not null)
        {
            _ = LibVirt.virSetError(saved);
            LibVirt.virFreeError(saved);
        }

        return result >= 0;
    }
}
