namespace Passthrough.Sdk.Hostdev;

/// <summary>What libvirt does if a USB device is not present.</summary>
public enum StartupPolicy
{
    /// <summary>The domain does not start, migrate or restore.</summary>
    Mandatory,

    /// <summary>The domain does not start; after migration or restore, it runs without the device.</summary>
    Requisite,

    /// <summary>The domain runs without the device.</summary>
    Optional,
}
