namespace Passthrough.Sdk.Hostdev;

/// <summary>Which of the guest's resets of a USB device reach it.</summary>
public enum UsbGuestReset
{
    /// <summary>None.</summary>
    Off,

    /// <summary>Those of a device that is not initialised yet.</summary>
    Uninitialized,

    /// <summary>All.</summary>
    On,
}
