namespace Passthrough.Sdk.Hostdev;

/// <summary>The guest's resets of a USB device that reach the device.</summary>
public enum UsbGuestReset
{
    /// <summary>None.</summary>
    Off,

    /// <summary>Only resets of a device that is not initialised.</summary>
    Uninitialized,

    /// <summary>All.</summary>
    On,
}
