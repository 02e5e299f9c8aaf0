using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Reads a VIOT table.</summary>
internal static class ViotParser
{
    private const int FixedPart = 48;

    public static ViotTable Parse(ReadOnlySpan<byte> content)
    {
        var reader = AcpiReader.Open(content, "VIOT");
        if (!reader.Has(0, FixedPart))
        {
            reader.Note(reader.Data.Length, "the table ends before its nodes");
            return reader.WithHeader(new ViotTable());
        }

        var nodes = new List<ViotNode>();
        int count = reader.U16(36);
        int at = reader.U16(38);
        for (var i = 0; i < count; i++)
        {
            if (!reader.Has(at, 4))
            {
                reader.Note(reader.Data.Length, $"the header announces {count} nodes, but the table has {i}");
                break;
            }

            var type = (ViotNodeType)reader.U8(at);
            int length = reader.U16(at + 2);
            var minimum = type is ViotNodeType.PciRange or ViotNodeType.MmioEndpoint ? 24 : 16;
            if (!reader.Fits(at, length, minimum, reader.Data.Length, $"node of type {(int)type}"))
            {
                break;
            }

            nodes.Add(Node(reader, type, at));
            at += length;
        }

        return reader.WithHeader(new ViotTable { Nodes = nodes.ToValueList() });
    }

    private static ViotNode Node(AcpiReader r, ViotNodeType type, int at) => type switch
    {
        ViotNodeType.PciRange => new(at, type, Address(r.U16(at + 8), r.U16(at + 12)), Address(r.U16(at + 10), r.U16(at + 14)), null, r.U16(at + 16)),
        ViotNodeType.MmioEndpoint => new(at, type, null, null, r.U64(at + 8), r.U16(at + 16)),
        ViotNodeType.VirtioIommuPci => new(at, type, Address(r.U16(at + 4), r.U16(at + 6)), null, null, null),
        ViotNodeType.VirtioIommuMmio => new(at, type, null, null, r.U64(at + 8), null),
        _ => new(at, type, null, null, null, null),
    };

    private static PciAddress Address(ushort segment, ushort requester) =>
        new(segment, (byte)(requester >> 8), (byte)((requester >> 3) & 0x1f), (byte)(requester & 7));
}
