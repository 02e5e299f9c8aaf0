namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The structures of a virtio device.</summary>
public enum VirtioStructure
{
    /// <summary>Common configuration.</summary>
    CommonConfiguration = 1,

    /// <summary>Doorbells.</summary>
    Notify = 2,

    /// <summary>Interrupt status.</summary>
    InterruptStatus = 3,

    /// <summary>Configuration of the kind of device.</summary>
    DeviceConfiguration = 4,

    /// <summary>Access to the others through the configuration space.</summary>
    PciAccess = 5,

    /// <summary>Shared memory.</summary>
    SharedMemory = 8,

    /// <summary>Data of the vendor.</summary>
    VendorData = 9,
}
