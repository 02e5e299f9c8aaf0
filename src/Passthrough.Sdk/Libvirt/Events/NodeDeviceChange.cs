namespace Passthrough.Sdk.Libvirt;

/// <summary>The changes of a device of the host: virNodeDeviceEventLifecycleType, and updates.</summary>
/// <remarks>A value that this library does not know keeps its number.</remarks>
public enum NodeDeviceChange
{
    /// <summary>The description changed (<c>VIR_NODE_DEVICE_EVENT_ID_UPDATE</c>).</summary>
    Updated = -1,

    /// <summary>The device appeared.</summary>
    Created = 0,

    /// <summary>The device disappeared.</summary>
    Deleted = 1,

    /// <summary>The device was defined (mediated devices).</summary>
    Defined = 2,

    /// <summary>The definition was removed (mediated devices).</summary>
    Undefined = 3,
}
