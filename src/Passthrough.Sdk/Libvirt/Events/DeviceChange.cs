namespace Passthrough.Sdk.Libvirt;

/// <summary>The changes of a device of a running domain.</summary>
public enum DeviceChange
{
    /// <summary>The device was attached (<c>VIR_DOMAIN_EVENT_ID_DEVICE_ADDED</c>); the guest may not have noticed yet.</summary>
    Added = 0,

    /// <summary>The device was removed from the guest (<c>VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED</c>).</summary>
    Removed = 1,

    /// <summary>The guest refused to release the device (<c>VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED</c>).</summary>
    RemovalFailed = 2,
}
