using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>virConnectDomainEventRegisterAny for the events of domains and their devices.</summary>
internal static unsafe class DomainEvents
{
    /// <summary>VIR_DOMAIN_EVENT_ID_LIFECYCLE.</summary>
    internal const int Lifecycle = 0;

    /// <summary>VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED.</summary>
    internal const int DeviceRemoved = 15;

    /// <summary>VIR_DOMAIN_EVENT_ID_DEVICE_ADDED.</summary>
    internal const int DeviceAdded = 19;

    /// <summary>VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED.</summary>
    internal const int DeviceRemovalFailed = 22;

    /// <summary>Registers a callback for each kind of event.</summary>
    public static void Register(
        ConnectHandle connection, Broadcast<LibvirtDomainEvent> target, string uri, ICollection<EventRegistration> registrations)
    {
        Add(Lifecycle, (delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, int>)&OnLifecycle);
        Add(DeviceAdded, (delegate* unmanaged[Cdecl]<nint, nint, byte*, nint, void>)&OnAdded);
        Add(DeviceRemoved, (delegate* unmanaged[Cdecl]<nint, nint, byte*, nint, void>)&OnRemoved);
        Add(DeviceRemovalFailed, (delegate* unmanaged[Cdecl]<nint, nint, byte*, nint, void>)&OnRemovalFailed);

        void Add(int eventId, void* callback) => registrations.Add(EventRegistration.Create(
            connection,
            target,
            eventId,
            callback,
            &LibVirt.virConnectDomainEventRegisterAny,
            &LibVirt.virConnectDomainEventDeregisterAny,
            uri));
    }

    // The only callback here that returns something; libvirt ignores it.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnLifecycle(nint connection, nint domain, int kind, int detail, nint opaque)
    {
        EventCallback.Publish<LibvirtDomainEvent, (nint Domain, int Kind, int Detail)>(opaque, (domain, kind, detail), static its =>
            new LibvirtDomainLifecycleEvent(Name(its.Domain), Uuid(its.Domain), (DomainLifecycle)its.Kind, its.Detail));
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnAdded(nint connection, nint domain, byte* alias, nint opaque) =>
        OnDevice(domain, DeviceChange.Added, alias, opaque);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRemoved(nint connection, nint domain, byte* alias, nint opaque) =>
        OnDevice(domain, DeviceChange.Removed, alias, opaque);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRemovalFailed(nint connection, nint domain, byte* alias, nint opaque) =>
        OnDevice(domain, DeviceChange.RemovalFailed, alias, opaque);

    private static void OnDevice(nint domain, DeviceChange change, byte* alias, nint opaque) =>
        EventCallback.Publish<LibvirtDomainEvent, (nint Domain, DeviceChange Change, nint Alias)>(opaque, (domain, change, (nint)alias), static its =>
            new LibvirtDeviceEvent(Name(its.Domain), Uuid(its.Domain), its.Change, Utf8.Read((byte*)its.Alias) ?? ""));

    private static string Name(nint domain) => LibVirt.virDomainGetName(domain) ?? "";

    private static Guid Uuid(nint domain)
    {
        var bytes = stackalloc byte[16];
        return LibVirt.virDomainGetUUID(domain, bytes) < 0 ? Guid.Empty : new Guid(new ReadOnlySpan<byte>(bytes, 16), bigEndian: true);
    }
}
