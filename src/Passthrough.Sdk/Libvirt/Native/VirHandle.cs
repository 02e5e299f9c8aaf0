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
        // Another thread may dispose while this one is inside a call. Then the last release happens here, between the call
        // and the reading of its error, and libvirt's free functions would wipe that error: let another thread do it.
        if (LibVirt.virGetLastError() is not null)
        {
            return ThreadPool.UnsafeQueueUserWorkItem(static its => its.Self.Free(its.Pointer), (Self: this, Pointer: handle), preferLocal: false);
        }

        return Free(handle) >= 0;
    }
}
