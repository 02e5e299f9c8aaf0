using System.Collections.Immutable;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>What every ACPI table has.</summary>
/// <remarks>Source: a file of /sys/firmware/acpi/tables (root only). Thread safety: immutable.</remarks>
public abstract record AcpiTable
{
    private protected AcpiTable()
    {
    }

    /// <summary>The table's four letters, such as <c>DMAR</c>; empty where not even they are there.</summary>
    public string Signature { get; init; } = "";

    /// <summary>The table's revision.</summary>
    public byte Revision { get; init; }

    /// <summary>Who made the firmware, as the table says (at most six characters).</summary>
    public string OemId { get; init; } = "";

    /// <summary>What the table is called by its maker (at most eight characters).</summary>
    public string OemTableId { get; init; } = "";

    /// <summary>What is wrong with the table: cut short, a bad checksum, a structure that leaves it. Empty for a sound one.</summary>
    public ImmutableArray<FirmwareTableProblem> Problems { get; init; } = [];

    /// <summary>Whether the table has no problem.</summary>
    public bool IsSound => Problems.IsEmpty;
}
