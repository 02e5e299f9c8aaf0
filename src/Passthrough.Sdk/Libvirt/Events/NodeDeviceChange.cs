namespace Passthrough.Sdk.Libvirt;

/// <summary>What happened to a device of the host: virNodeDeviceEventLifecycleType, and updates.</summary>
/// <remarks>An open set: what is newer is kept as its number.</remarks>
public enum NodeDeviceChange
{
    /// <summary>Its description changed (<c>VIR_NODE_DEVICE_EVENT_ID_UPDATE</c>).</summary>
    Updated = -1,

    /// <summary>It appeared.</summary>
    Created = 0,

    /// <summary>It vanished.</summary>
    Deleted = 1,

    /// <summary>It was defined (mediated devices).</summary>
    Defined = 2,

    /// <summary>Its definition was removed (mediated devices).</summary>
    Undefined = 3,
}
