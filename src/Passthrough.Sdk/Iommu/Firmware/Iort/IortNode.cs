using System.Collections.Immutable;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>A node of an IORT table.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IortNode
{
    /// <summary>Where in the table it starts, in bytes: by that others mean it.</summary>
    public required int Offset { get; init; }

    /// <summary>Its kind.</summary>
    public required IortNodeType Type { get; init; }

    /// <summary>The physical address of an SMMU's or monitor's registers; null for other kinds.</summary>
    public ulong? RegisterBase { get; init; }

    /// <summary>The flags of an SMMU, or the address translation attribute of a root complex; 0 for other kinds.</summary>
    public uint Flags { get; init; }

    /// <summary>The model number of an SMMU; 0 for other kinds and for one that is as the architecture says.</summary>
    public uint Model { get; init; }

    /// <summary>The PCI domain of a root complex; null for other kinds.</summary>
    public uint? Segment { get; init; }

    /// <summary>The ACPI path of a named component; null for other kinds.</summary>
    public string? ObjectName { get; init; }

    /// <summary>The ranges of a reserved memory node, base and length in bytes.</summary>
    public ImmutableArray<(ulong Base, ulong Length)> Memory { get; init; } = [];

    /// <summary>Where its ids go: to which node, and as which ids there.</summary>
    public ImmutableArray<IortMapping> Mappings { get; init; } = [];
}
