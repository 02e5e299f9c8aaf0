namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Flags of libvirt's that are not public here. Proven against the C headers, as the public ones are.</summary>
internal static class NativeFlags
{
    /// <summary>VIR_CONNECT_RO.</summary>
    public const uint ConnectReadOnly = 1 << 0;

    /// <summary>VIR_DOMAIN_DEFINE_VALIDATE.</summary>
    public const uint DomainDefineValidate = 1 << 0;

    /// <summary>VIR_DOMAIN_DESTROY_GRACEFUL.</summary>
    public const uint DomainDestroyGraceful = 1 << 0;

    /// <summary>VIR_NODE_DEVICE_CREATE_XML_VALIDATE, and VIR_NODE_DEVICE_DEFINE_XML_VALIDATE.</summary>
    public const uint NodeDeviceValidate = 1 << 0;

    /// <summary>VIR_NODE_DEVICE_XML_INACTIVE, of libvirt 10.1.</summary>
    public const uint NodeDeviceXmlInactive = 1 << 0;

    /// <summary>VIR_CONNECT_LIST_NODE_DEVICES_PERSISTENT, of libvirt 10.1.</summary>
    public const uint ListNodeDevicesPersistent = 1 << 28;

    /// <summary>VIR_CONNECT_LIST_NODE_DEVICES_TRANSIENT, of libvirt 10.1.</summary>
    public const uint ListNodeDevicesTransient = 1 << 29;

    /// <summary>VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE.</summary>
    public const uint ListNodeDevicesInactive = 1 << 30;

    /// <summary>VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE.</summary>
    public const uint ListNodeDevicesActive = 1u << 31;

    /// <summary>The flags of virConnectListAllNodeDevices for states.</summary>
    public static uint Of(NodeDeviceStates states) =>
        (states.HasFlag(NodeDeviceStates.Active) ? ListNodeDevicesActive : 0)
        | (states.HasFlag(NodeDeviceStates.Inactive) ? ListNodeDevicesInactive : 0)
        | (states.HasFlag(NodeDeviceStates.Persistent) ? ListNodeDevicesPersistent : 0)
        | (states.HasFlag(NodeDeviceStates.Transient) ? ListNodeDevicesTransient : 0);
}
