using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>The common part of the callbacks of all kinds of events: the <see cref="Broadcast{T}"/> behind <c>opaque</c>.</summary>
/// <remarks>
/// The callbacks run on the event loop. They read what they were lent, hand it on and return: whoever reads the events does so
/// elsewhere, and may call libvirt.
/// </remarks>
internal static unsafe class EventCallback
{
    /// <summary>Frees <c>opaque</c>; libvirt calls it when the callback can no longer run.</summary>
    public static delegate* unmanaged[Cdecl]<nint, void> Free => &OnFree;

    /// <summary>Makes <c>opaque</c>. To be freed by <see cref="Drop"/> only where registering failed.</summary>
    public static nint Hold<T>(Broadcast<T> target) => GCHandle.ToIntPtr(GCHandle.Alloc(target));

    public static void Drop(nint opaque) => GCHandle.FromIntPtr(opaque).Free();

    /// <summary>Hands an event on. No exception may reach C: one that <paramref name="read"/> throws ends the subscriptions with it.</summary>
    public static void Publish<T, TState>(nint opaque, TState state, Func<TState, T> read)
    {
        var target = (Broadcast<T>)GCHandle.FromIntPtr(opaque).Target!;
        try
        {
            target.Publish(read(state));
        }
        catch (Exception error)
        {
            target.Complete(error);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnFree(nint opaque) => Drop(opaque);
}
