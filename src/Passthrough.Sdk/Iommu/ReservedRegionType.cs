namespace Passthrough.Sdk.Iommu;

/// <summary>Why a range of I/O addresses is not free for a virtual machine's memory.</summary>
public enum ReservedRegionType
{
    /// <summary>A word this library does not know; <see cref="ReservedRegion.TypeName"/> has it.</summary>
    Other = 0,

    /// <summary>Mapped one to one because the firmware uses the device there (RMRR, unity map): no assignment while it is in use.</summary>
    Direct = 1,

    /// <summary>Mapped one to one only until a driver takes the device over, as for graphics and USB: no hindrance.</summary>
    DirectRelaxable = 2,

    /// <summary>Addresses that never reach memory, for example those of a PCI window.</summary>
    Reserved = 3,

    /// <summary>The doorbell of message-signalled interrupts.</summary>
    Msi = 4,
}
