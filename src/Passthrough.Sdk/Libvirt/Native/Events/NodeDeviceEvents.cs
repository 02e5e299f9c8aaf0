using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>virConnectNodeDeviceEventRegisterAny.</summary>
internal static unsafe class NodeDeviceEvents
{
    /// <summary>VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE.</summary>
    internal const int Lifecycle = 0;

    /// <summary>VIR_NODE_DEVICE_EVENT_ID_UPDATE.</summary>
    internal const int Update = 1;

    /// <summary>Registers a callback for each kind of event.</summary>
    public static void Register(
        ConnectHandle connection, Broadcast<LibvirtNodeDeviceEvent> target, string uri, ICollection<EventRegistration> registrations)
    {
        Add(Lifecycle, (delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void>)&OnLifecycle);
        Add(Update, (delegate* unmanaged[Cdecl]<nint, nint, nint, void>)&OnUpdate);

        void Add(int eventId, void* callback) => registrations.Add(EventRegistration.Create(
            connection,
            target,
            eventId,
            callback,
            &LibVirt.virConnectNodeDeviceEventRegisterAny,
            &LibVirt.virConnectNodeDeviceEventDeregisterAny,
            uri));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLifecycle(nint connection, nint device, int kind, int detail, nint opaque) =>
        Publish(device, (NodeDeviceChange)kind, opaque);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnUpdate(nint connection, nint device, nint opaque) => Publish(device, NodeDeviceChange.Updated, opaque);

    private static void Publish(nint device, NodeDeviceChange change, nint opaque) =>
        EventCallback.Publish(opaque, (device, change), static its =>
            new LibvirtNodeDeviceEvent(LibVirt.virNodeDeviceGetName(its.device) ?? "", its.change));
}
