using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <content>libvirt-event.h, and the registrations of libvirt-domain.h and libvirt-nodedev.h.</content>
internal static unsafe partial class LibVirt
{
    [LibraryImport(Library)]
    internal static partial int virEventRegisterDefaultImpl();

    [LibraryImport(Library)]
    internal static partial int virEventRunDefaultImpl();

    /// <param name="frequency">In milliseconds; -1 for never.</param>
    /// <param name="cb">Called on the thread of the loop with the timer and <paramref name="opaque"/>.</param>
    /// <param name="opaque">Handed to the callback.</param>
    /// <param name="ff">Called when the timer is removed; may be null.</param>
    [LibraryImport(Library)]
    internal static partial int virEventAddTimeout(
        int frequency, delegate* unmanaged[Cdecl]<int, nint, void> cb, nint opaque, delegate* unmanaged[Cdecl]<nint, void> ff);

    /// <remarks>May be called from any thread: a loop that waits is woken.</remarks>
    [LibraryImport(Library)]
    internal static partial void virEventUpdateTimeout(int timer, int timeout);

    /// <param name="conn">The connection, which the registration keeps a reference to.</param>
    /// <param name="dom">Null for every domain.</param>
    /// <param name="eventID">virDomainEventID.</param>
    /// <param name="cb">Its signature depends on <paramref name="eventID"/>.</param>
    /// <param name="opaque">Handed to the callback.</param>
    /// <param name="freecb">Called once when the callback can no longer run; not when registering failed.</param>
    [LibraryImport(Library)]
    internal static partial int virConnectDomainEventRegisterAny(
        ConnectHandle conn, nint dom, int eventID, void* cb, nint opaque, delegate* unmanaged[Cdecl]<nint, void> freecb);

    [LibraryImport(Library)]
    internal static partial int virConnectDomainEventDeregisterAny(nint conn, int callbackID);

    /// <param name="conn">The connection, which the registration keeps a reference to.</param>
    /// <param name="dev">Null for every device.</param>
    /// <param name="eventID">virNodeDeviceEventID.</param>
    /// <param name="cb">Its signature depends on <paramref name="eventID"/>.</param>
    /// <param name="opaque">Handed to the callback.</param>
    /// <param name="freecb">Called once when the callback can no longer run; not when registering failed.</param>
    [LibraryImport(Library)]
    internal static partial int virConnectNodeDeviceEventRegisterAny(
        ConnectHandle conn, nint dev, int eventID, void* cb, nint opaque, delegate* unmanaged[Cdecl]<nint, void> freecb);

    [LibraryImport(Library)]
    internal static partial int virConnectNodeDeviceEventDeregisterAny(nint conn, int callbackID);
}
