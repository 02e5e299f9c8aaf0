using System.Collections.Immutable;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Intel's DMA remapping table (DMAR): what the firmware says of VT-d.</summary>
/// <remarks>Source: /sys/firmware/acpi/tables/DMAR; its format is in Intel's VT-d specification, chapter 8. Thread safety: immutable.</remarks>
public sealed record DmarTable : AcpiTable
{
    /// <summary>Bits of a DMA address that the platform supports.</summary>
    public int HostAddressWidth { get; init; }

    /// <summary>Whether the platform supports interrupt remapping (flag bit 0).</summary>
    public bool SupportsInterruptRemapping { get; init; }

    /// <summary>Whether the firmware asks the system to leave x2APIC mode alone (flag bit 1).</summary>
    public bool X2ApicOptOut { get; init; }

    /// <summary>Whether the firmware asks for DMA protection (flag bit 2): Linux then may switch VT-d on by itself for external ports.</summary>
    public bool DmaControlOptIn { get; init; }

    /// <summary>The remapping hardware units (DRHD).</summary>
    public ImmutableArray<DmarUnit> Units { get; init; } = [];

    /// <summary>The memory that devices must go on reaching (RMRR).</summary>
    public ImmutableArray<DmarReservedMemory> ReservedMemory { get; init; } = [];

    /// <summary>The root ports that support address translation services (ATSR).</summary>
    public ImmutableArray<DmarRootPortAts> RootPortAts { get; init; } = [];

    /// <summary>Which NUMA proximity domain a unit belongs to (RHSA).</summary>
    public ImmutableArray<DmarAffinity> Affinities { get; init; } = [];

    /// <summary>The SoC-integrated devices with their own address translation cache (SATC).</summary>
    public ImmutableArray<DmarRootPortAts> IntegratedAts { get; init; } = [];

    /// <summary>Devices named by their ACPI path (ANDD).</summary>
    public ImmutableArray<DmarNamespaceDevice> NamespaceDevices { get; init; } = [];

    /// <summary>Reads a table. A broken one gives what could be read and <see cref="AcpiTable.Problems"/>; this never throws.</summary>
    /// <param name="content">The table's bytes, header included.</param>
    public static DmarTable Parse(ReadOnlySpan<byte> content) => DmarParser.Parse(content);
}
