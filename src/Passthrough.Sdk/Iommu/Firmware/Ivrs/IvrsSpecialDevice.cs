namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>What an IVRS entry names besides PCI functions. Values are the specification's; others can occur.</summary>
public enum IvrsSpecialDevice
{
    /// <summary>An ordinary PCI function, or a range of them.</summary>
    None = 0,

    /// <summary>An I/O APIC.</summary>
    IoApic = 1,

    /// <summary>A timer (HPET).</summary>
    Hpet = 2,

    /// <summary>A device of the ACPI namespace.</summary>
    AcpiDevice = 0xf0,
}
