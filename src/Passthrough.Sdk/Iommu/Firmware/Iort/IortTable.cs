using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Arm's I/O remapping table (IORT): SMMUs, interrupt translation services, and which devices reach memory through which.</summary>
/// <remarks>Source: /sys/firmware/acpi/tables/IORT; its format is in Arm's DEN 0049. Thread safety: immutable.</remarks>
public sealed record IortTable : AcpiTable
{
    /// <summary>Gets the nodes, in the table's order.</summary>
    public ValueList<IortNode> Nodes { get; init; } = [];

    /// <summary>Gets the system memory management units among the nodes, of all versions.</summary>
    public ValueList<IortNode> Smmus => [.. Nodes.Where(n => n.Type is IortNodeType.Smmu or IortNodeType.SmmuV3)];

    /// <summary>Reads a table. If it is broken, the result contains the readable part and <see cref="AcpiTable.Problems"/>; no exception is thrown.</summary>
    /// <param name="content">The table's bytes, including the header.</param>
    public static IortTable Parse(ReadOnlySpan<byte> content) => IortParser.Parse(content);
}
