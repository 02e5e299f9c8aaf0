using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>virConnectRegisterCloseCallback: says that the daemon went, or the way to it.</summary>
/// <remarks>
/// A driver without a daemon takes the callback and forgets it, freecb and all, so that there is none: unregistering waits for
/// a callback that runs, and what <c>opaque</c> holds can be freed after it.
/// </remarks>
internal static unsafe class CloseCallback
{
    /// <summary>Registers a weak reference, so that an owner that was forgotten can still be finalised.</summary>
    /// <returns>What <see cref="Unregister"/> takes; 0 if the driver has no such thing.</returns>
    public static nint Register(ConnectHandle connection, IConnectionOwner owner)
    {
        var opaque = GCHandle.ToIntPtr(GCHandle.Alloc(owner, GCHandleType.Weak));
        if (LibVirt.virConnectRegisterCloseCallback(connection, &OnClose, opaque, 0) == 0)
        {
            return opaque;
        }

        GCHandle.FromIntPtr(opaque).Free();
        return 0;
    }

    public static void Unregister(nint connection, nint opaque)
    {
        _ = LibVirt.virConnectUnregisterCloseCallback(connection, &OnClose);
        GCHandle.FromIntPtr(opaque).Free();
    }

    // The owner logs and wakes readers: that is other people's code, which has no business on the event loop.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnClose(nint connection, int reason, nint opaque)
    {
        if (GCHandle.FromIntPtr(opaque).Target is IConnectionOwner owner)
        {
            ThreadPool.QueueUserWorkItem(static its => its.owner.OnConnectionLost(its.reason), (owner, reason), preferLocal: false);
        }
    }
}
