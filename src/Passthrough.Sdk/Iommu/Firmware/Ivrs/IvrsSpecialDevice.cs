namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>The kinds of devices in an IVRS entry. The values are those of the specification; others can occur.</summary>
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
