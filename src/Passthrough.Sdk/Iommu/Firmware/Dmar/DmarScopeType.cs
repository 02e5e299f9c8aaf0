namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>The kinds of devices in a DMAR scope. The values are those of the specification; others can occur.</summary>
public enum DmarScopeType
{
    /// <summary>No type.</summary>
    None = 0,

    /// <summary>One PCI endpoint.</summary>
    PciEndpoint = 1,

    /// <summary>A PCI bridge and everything below it.</summary>
    PciBridge = 2,

    /// <summary>An I/O APIC.</summary>
    IoApic = 3,

    /// <summary>A timer that sends MSIs (HPET).</summary>
    MsiTimer = 4,

    /// <summary>A device of the ACPI namespace (see <see cref="DmarNamespaceDevice"/>).</summary>
    AcpiNamespaceDevice = 5,
}
