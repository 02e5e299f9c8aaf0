namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The types of a virtio device's structures.</summary>
public enum VirtioStructure
{
    /// <summary>Common configuration.</summary>
    CommonConfiguration = 1,

    /// <summary>Notifications (doorbells).</summary>
    Notify = 2,

    /// <summary>Interrupt status.</summary>
    InterruptStatus = 3,

    /// <summary>Configuration that is specific to the device type.</summary>
    DeviceConfiguration = 4,

    /// <summary>Access to the other structures through the configuration space.</summary>
    PciAccess = 5,

    /// <summary>Shared memory.</summary>
    SharedMemory = 8,

    /// <summary>Vendor-specific data.</summary>
    VendorData = 9,
}
