using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>A node of an IORT table.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IortNode
{
    /// <summary>Gets the offset of the node in the table, in bytes, by which other nodes refer to it.</summary>
    public required int Offset { get; init; }

    /// <summary>Gets its kind.</summary>
    public required IortNodeType Type { get; init; }

    /// <summary>Gets the physical address of an SMMU's or monitor's registers; null for other kinds.</summary>
    public ulong? RegisterBase { get; init; }

    /// <summary>Gets the flags of an SMMU, or the address translation attribute of a root complex; 0 for other kinds.</summary>
    public uint Flags { get; init; }

    /// <summary>Gets the model number of an SMMU; 0 for other kinds, and for one that follows the architecture.</summary>
    public uint Model { get; init; }

    /// <summary>Gets the PCI domain of a root complex; null for other kinds.</summary>
    public uint? Segment { get; init; }

    /// <summary>Gets the ACPI path of a named component; null for other kinds.</summary>
    public string? ObjectName { get; init; }

    /// <summary>Returns the ranges of a reserved memory node, base and length in bytes.</summary>
    public ValueList<(ulong Base, ulong Length)> Memory { get; init; } = [];

    /// <summary>Gets the mappings of its ids: the target node and the ids there.</summary>
    public ValueList<IortMapping> Mappings { get; init; } = [];
}
