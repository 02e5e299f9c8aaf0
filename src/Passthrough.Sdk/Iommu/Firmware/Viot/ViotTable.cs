using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>The virtual I/O translation table (VIOT): a virtio-iommu and which devices are behind it.</summary>
/// <remarks>Source: /sys/firmware/acpi/tables/VIOT; its format is in the ACPI specification. Thread safety: immutable.</remarks>
public sealed record ViotTable : AcpiTable
{
    /// <summary>Gets the nodes, in the table's order.</summary>
    public ValueList<ViotNode> Nodes { get; init; } = [];

    /// <summary>Reads a table. If it is broken, the result contains the readable part and <see cref="AcpiTable.Problems"/>; no exception is thrown.</summary>
    /// <param name="content">The table's bytes, including the header.</param>
    public static ViotTable Parse(ReadOnlySpan<byte> content) => ViotParser.Parse(content);
}
