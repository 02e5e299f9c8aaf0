using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Reads a VIOT table.</summary>
internal static class ViotParser
{
    private const int FixedPart = 48;
    private const int NodeHeader = 4;

    public static ViotTable Parse(ReadOnlySpan<byte> content)
    {
        var reader = AcpiReader.Open(content, "VIOT");
        if (!reader.Has(0, FixedPart))
        {
            reader.Note(reader.Data.Length, "the table ends before its nodes");
            return reader.WithHeader(new ViotTable());
        }

        return reader.WithHeader(new ViotTable
        {
            Nodes = AcpiNodes.Read(reader, reader.U16(36), reader.U16(38), NodeHeader, 2, type => MinimumLength((ViotNodeType)type), Node),
        });
    }

    private static int MinimumLength(ViotNodeType type) => type is ViotNodeType.PciRange or ViotNodeType.MmioEndpoint ? 24 : 16;

    private static ViotNode Node(AcpiReader r, byte type, int at, int end) => (ViotNodeType)type switch
    {
        ViotNodeType.PciRange => new(at, (ViotNodeType)type, Address(r.U16(at + 8), r.U16(at + 12)), Address(r.U16(at + 10), r.U16(at + 14)), null, r.U16(at + 16)),
        ViotNodeType.MmioEndpoint => new(at, (ViotNodeType)type, null, null, r.U64(at + 8), r.U16(at + 16)),
        ViotNodeType.VirtioIommuPci => new(at, (ViotNodeType)type, Address(r.U16(at + 4), r.U16(at + 6)), null, null, null),
        ViotNodeType.VirtioIommuMmio => new(at, (ViotNodeType)type, null, null, r.U64(at + 8), null),
        _ => new(at, (ViotNodeType)type, null, null, null, null),
    };

    private static PciAddress Address(ushort segment, ushort requester) =>
        new(segment, (byte)(requester >> 8), (byte)((requester >> 3) & 0x1f), (byte)(requester & 7));
}
