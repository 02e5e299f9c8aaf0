namespace Passthrough.Sdk.Iommu;

/// <summary>The reasons why a range of I/O addresses cannot be used for a virtual machine's memory.</summary>
public enum ReservedRegionType
{
    /// <summary>A type that this library does not know; <see cref="ReservedRegion.TypeName"/> contains it.</summary>
    Other = 0,

    /// <summary>Mapped one to one because the firmware uses the device there (RMRR, unity map): the device cannot be assigned.</summary>
    Direct = 1,

    /// <summary>Mapped one to one only until a driver takes the device over, as for graphics and USB: the device can be assigned.</summary>
    DirectRelaxable = 2,

    /// <summary>Addresses that never reach memory, for example those of a PCI window.</summary>
    Reserved = 3,

    /// <summary>The doorbell of message-signalled interrupts.</summary>
    Msi = 4,
}
