namespace Passthrough.Sdk.Libvirt;

/// <summary>The results of waiting for a device to leave a domain.</summary>
public enum DeviceRemoval
{
    /// <summary>The device has left the guest.</summary>
    Removed = 0,

    /// <summary>The guest refused to release it.</summary>
    Refused = 1,

    /// <summary>The domain stopped, which releases every device.</summary>
    DomainStopped = 2,

    /// <summary>Nothing happened in time. The request is still pending: the guest may release the device later.</summary>
    TimedOut = 3,
}
