using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Reads an IORT table.</summary>
internal static class IortParser
{
    private const int FixedPart = 48;
    private const int NodeHeader = 16;
    private const int MappingSize = 20;
    private const int MemorySize = 20;
    private const uint SingleMapping = 1;

    public static IortTable Parse(ReadOnlySpan<byte> content)
    {
        var reader = AcpiReader.Open(content, "IORT");
        if (!reader.Has(0, FixedPart))
        {
            reader.Note(reader.Data.Length, "the table ends before its nodes");
            return reader.WithHeader(new IortTable());
        }

        return reader.WithHeader(new IortTable
        {
            Nodes = AcpiNodes.Read(reader, reader.U32(36), reader.U32(40), NodeHeader, 1, type => MinimumLength((IortNodeType)type), Node),
        });
    }

    private static int MinimumLength(IortNodeType type) => type switch
    {
        IortNodeType.RootComplex => 32,
        IortNodeType.Smmu => 40,
        IortNodeType.SmmuV3 => 60,
        IortNodeType.PerformanceMonitor => 24,
        IortNodeType.ReservedMemory => 28,
        IortNodeType.NamedComponent => 29,
        _ => NodeHeader,
    };

    private static IortNode Node(AcpiReader r, byte kind, int at, int end)
    {
        var type = (IortNodeType)kind;
        var node = new IortNode { Offset = at, Type = type, Mappings = Mappings(r, at, end) };
        return type switch
        {
            IortNodeType.Smmu => node with { RegisterBase = r.U64(at + 16), Model = r.U32(at + 32), Flags = r.U32(at + 36) },
            IortNodeType.SmmuV3 => node with { RegisterBase = r.U64(at + 16), Flags = r.U32(at + 24), Model = r.U32(at + 40) },
            IortNodeType.PerformanceMonitor => node with { RegisterBase = r.U64(at + 16) },
            IortNodeType.RootComplex => node with { Flags = r.U32(at + 24), Segment = r.U32(at + 28) },
            IortNodeType.NamedComponent => node with { ObjectName = r.Text(at + 29, end - at - 29) },
            IortNodeType.ReservedMemory => node with { Memory = Memory(r, at, end) },
            _ => node,
        };
    }

    private static ValueList<IortMapping> Mappings(AcpiReader r, int at, int end)
    {
        var mappings = new List<IortMapping>();
        var count = r.U32(at + 8);
        var next = at + (long)r.U32(at + 12);
        for (uint i = 0; i < count; i++, next += MappingSize)
        {
            if (next + MappingSize > end)
            {
                r.Note(at, $"the node announces {count} id mappings, but has {i}");
                break;
            }

            var m = (int)next;
            var isSingle = (r.U32(m + 16) & SingleMapping) != 0;
            mappings.Add(new IortMapping(r.U32(m), isSingle ? 1 : r.U32(m + 4) + 1UL, r.U32(m + 8), (int)Math.Min(r.U32(m + 12), int.MaxValue)));
        }

        return mappings.ToValueList();
    }

    private static ValueList<(ulong Base, ulong Length)> Memory(AcpiReader r, int at, int end)
    {
        var memory = new List<(ulong, ulong)>();
        var count = r.U32(at + 20);
        var next = at + (long)r.U32(at + 24);
        for (uint i = 0; i < count; i++, next += MemorySize)
        {
            if (next + MemorySize > end)
            {
                r.Note(at, $"the node announces {count} memory ranges, but has {i}");
                break;
            }

            memory.Add((r.U64((int)next), r.U64((int)next + 8)));
        }

        return memory.ToValueList();
    }
}
