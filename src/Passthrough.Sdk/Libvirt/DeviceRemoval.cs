namespace Passthrough.Sdk.Libvirt;

/// <summary>How waiting for a device to leave a domain ended.</summary>
public enum DeviceRemoval
{
    /// <summary>The device has left the guest.</summary>
    Removed = 0,

    /// <summary>The guest refused to give it up.</summary>
    Refused = 1,

    /// <summary>The domain stopped, and every device with it.</summary>
    DomainStopped = 2,

    /// <summary>Nothing happened in time. The request still stands: the guest may give it up later.</summary>
    TimedOut = 3,
}
