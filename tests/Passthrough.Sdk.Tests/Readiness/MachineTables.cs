using System.Buffers.Binary;
using System.Text;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Firmware tables that are well formed and describe no IOMMU, or one.</summary>
internal static class MachineTables
{
    private const int Header = 36;
    private const int FixedPart = 48;

    /// <summary>A table that ends where its first unit would begin.</summary>
    public static byte[] Empty(string signature) => Table(signature, FixedPart, []);

    /// <summary>An IORT with a group of interrupt translation services and a root complex, as an Arm server has it whose SMMU is off.</summary>
    public static byte[] Iort(bool withSmmu)
    {
        var its = new byte[24];
        (its[0], its[1]) = (0, 24);
        var smmu = new byte[68];
        (smmu[0], smmu[1]) = (4, 68);
        var root = new byte[36];
        (root[0], root[1]) = (2, 36);
        var table = Table("IORT", FixedPart, [.. its, .. withSmmu ? smmu : [], .. root]);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(Header), withSmmu ? 3u : 2u);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(Header + 4), FixedPart);
        return table;
    }

    private static byte[] Table(string signature, int start, byte[] content)
    {
        var table = new byte[start + content.Length];
        Encoding.ASCII.GetBytes(signature, table);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4), (uint)table.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(Header + 4), FixedPart); // where the nodes of a VIOT begin
        content.CopyTo(table, start);
        return table;
    }
}
