using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>The common part of all ACPI tables.</summary>
/// <remarks>Source: a file of /sys/firmware/acpi/tables (root only). Thread safety: immutable.</remarks>
public abstract record AcpiTable
{
    private protected AcpiTable()
    {
    }

    /// <summary>Gets the table's four letters, such as <c>DMAR</c>; empty if the table is shorter.</summary>
    public string Signature { get; init; } = "";

    /// <summary>Gets the table's revision.</summary>
    public byte Revision { get; init; }

    /// <summary>Gets the manufacturer's id in the table (at most six characters).</summary>
    public string OemId { get; init; } = "";

    /// <summary>Gets the manufacturer's id of the table (at most eight characters).</summary>
    public string OemTableId { get; init; } = "";

    /// <summary>Gets the problems of the table: truncated, a wrong checksum, a structure that exceeds it. Empty if there are none.</summary>
    public ValueList<FirmwareTableProblem> Problems { get; init; } = [];

    /// <summary>Gets whether the table has no problem.</summary>
    public bool IsSound => Problems.IsEmpty;
}
