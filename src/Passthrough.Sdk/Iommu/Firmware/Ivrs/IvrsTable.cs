using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>AMD's I/O virtualization reporting structure (IVRS): the firmware's description of AMD-Vi.</summary>
/// <remarks>Source: /sys/firmware/acpi/tables/IVRS; its format is in AMD's I/O virtualization specification, chapter 5. Thread safety: immutable.</remarks>
public sealed record IvrsTable : AcpiTable
{
    /// <summary>Gets the bits of a virtual address that the platform supports.</summary>
    public int VirtualAddressSize { get; init; }

    /// <summary>Gets the bits of a physical address that the platform supports.</summary>
    public int PhysicalAddressSize { get; init; }

    /// <summary>Gets whether the firmware protected memory from DMA before it started the system, and asks it to continue (IVinfo bit 1).</summary>
    public bool DmaProtectionOptIn { get; init; }

    /// <summary>Gets the hardware units (IVHD). One unit may be described by several blocks of different types; all are listed.</summary>
    public ValueList<IvrsUnit> Units { get; init; } = [];

    /// <summary>Gets the memory to which devices must keep access, or must not have access (IVMD).</summary>
    public ValueList<IvrsMemory> Memory { get; init; } = [];

    /// <summary>
    /// Gets whether a unit names an I/O APIC. If none does, Linux switches interrupt remapping off ("No southbridge IOAPIC found").
    /// </summary>
    public bool NamesIoApic => Units.Any(u => u.Devices.Any(d => d.Special == IvrsSpecialDevice.IoApic));

    /// <summary>Reads a table. If it is broken, the result contains the readable part and <see cref="AcpiTable.Problems"/>; no exception is thrown.</summary>
    /// <param name="content">The table's bytes, including the header.</param>
    public static IvrsTable Parse(ReadOnlySpan<byte> content) => IvrsParser.Parse(content);
}
