using System.Collections.Immutable;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>AMD's I/O virtualization reporting structure (IVRS): what the firmware says of AMD-Vi.</summary>
/// <remarks>Source: /sys/firmware/acpi/tables/IVRS; its format is in AMD's I/O virtualization specification, chapter 5. Thread safety: immutable.</remarks>
public sealed record IvrsTable : AcpiTable
{
    /// <summary>Bits of a virtual address that the platform supports.</summary>
    public int VirtualAddressSize { get; init; }

    /// <summary>Bits of a physical address that the platform supports.</summary>
    public int PhysicalAddressSize { get; init; }

    /// <summary>Whether the firmware protected memory from DMA before it started the system, and asks it to go on (IVinfo bit 1).</summary>
    public bool DmaProtectionOptIn { get; init; }

    /// <summary>The hardware units (IVHD). One unit may be described by several blocks of different types; all are listed.</summary>
    public ImmutableArray<IvrsUnit> Units { get; init; } = [];

    /// <summary>The memory that devices must go on reaching, or must not (IVMD).</summary>
    public ImmutableArray<IvrsMemory> Memory { get; init; } = [];

    /// <summary>
    /// Whether an I/O APIC is named by a unit. Linux switches interrupt remapping off where it is not ("No southbridge IOAPIC found").
    /// </summary>
    public bool NamesIoApic => Units.Any(u => u.Devices.Any(d => d.Special == IvrsSpecialDevice.IoApic));

    /// <summary>Reads a table. A broken one gives what could be read and <see cref="AcpiTable.Problems"/>; this never throws.</summary>
    /// <param name="content">The table's bytes, header included.</param>
    public static IvrsTable Parse(ReadOnlySpan<byte> content) => IvrsParser.Parse(content);
}
