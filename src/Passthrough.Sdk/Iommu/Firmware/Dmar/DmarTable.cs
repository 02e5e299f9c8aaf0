using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Intel's DMA remapping table (DMAR): the firmware's description of VT-d.</summary>
/// <remarks>Source: /sys/firmware/acpi/tables/DMAR; its format is in Intel's VT-d specification, chapter 8. Thread safety: immutable.</remarks>
public sealed record DmarTable : AcpiTable
{
    /// <summary>Gets the number of bits of a DMA address that the platform supports.</summary>
    public int HostAddressWidth { get; init; }

    /// <summary>Gets whether the platform supports interrupt remapping (flag bit 0).</summary>
    public bool SupportsInterruptRemapping { get; init; }

    /// <summary>Gets whether the firmware asks the system not to use x2APIC mode (flag bit 1).</summary>
    public bool X2ApicOptOut { get; init; }

    /// <summary>Gets whether the firmware asks for DMA protection (flag bit 2): Linux may then switch VT-d on for external ports without a parameter.</summary>
    public bool DmaControlOptIn { get; init; }

    /// <summary>Gets the remapping hardware units (DRHD).</summary>
    public ValueList<DmarUnit> Units { get; init; } = [];

    /// <summary>Gets the memory to which devices must keep access (RMRR).</summary>
    public ValueList<DmarReservedMemory> ReservedMemory { get; init; } = [];

    /// <summary>Gets the root ports that support address translation services (ATSR).</summary>
    public ValueList<DmarRootPortAts> RootPortAts { get; init; } = [];

    /// <summary>Gets the NUMA proximity domains of the units (RHSA).</summary>
    public ValueList<DmarAffinity> Affinities { get; init; } = [];

    /// <summary>Gets the SoC-integrated devices with their own address translation cache (SATC).</summary>
    public ValueList<DmarRootPortAts> IntegratedAts { get; init; } = [];

    /// <summary>Gets the devices named by their ACPI path (ANDD).</summary>
    public ValueList<DmarNamespaceDevice> NamespaceDevices { get; init; } = [];

    /// <summary>Reads a table. If it is broken, the result contains the readable part and <see cref="AcpiTable.Problems"/>; no exception is thrown.</summary>
    /// <param name="content">The table's bytes, including the header.</param>
    public static DmarTable Parse(ReadOnlySpan<byte> content) => DmarParser.Parse(content);
}
