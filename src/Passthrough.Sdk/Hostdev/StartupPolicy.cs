namespace Passthrough.Sdk.Hostdev;

/// <summary>What libvirt does when a USB device is not there.</summary>
public enum StartupPolicy
{
    /// <summary>The domain does not start, migrate or restore.</summary>
    Mandatory,

    /// <summary>The domain does not start; migrated or restored, it goes without.</summary>
    Requisite,

    /// <summary>The domain goes without.</summary>
    Optional,
}
