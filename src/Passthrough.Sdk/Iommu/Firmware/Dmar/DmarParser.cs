using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Reads a DMAR table.</summary>
internal static class DmarParser
{
    private const int FirstStructure = 48;

    public static DmarTable Parse(ReadOnlySpan<byte> content)
    {
        var reader = AcpiReader.Open(content, "DMAR", "RMAD");
        var table = new DmarTable();
        if (!reader.Has(0, FirstStructure))
        {
            reader.Note(reader.Data.Length, "the table ends before its flags");
            return reader.WithHeader(table);
        }

        var flags = reader.U8(37);
        table = table with
        {
            HostAddressWidth = reader.U8(36) + 1,
            SupportsInterruptRemapping = (flags & 1) != 0,
            X2ApicOptOut = (flags & 2) != 0,
            DmaControlOptIn = (flags & 4) != 0,
        };
        for (var at = FirstStructure; at < reader.Data.Length; at += reader.U16(at + 2))
        {
            var type = reader.U16(at);
            int length = reader.U16(at + 2);
            if (!reader.Fits(at, length, MinimumLength(type), reader.Data.Length, $"structure of type {type}"))
            {
                break;
            }

            table = Add(table, reader, type, at, at + length);
        }

        return reader.WithHeader(table);
    }

    private static int MinimumLength(ushort type) => type switch
    {
        0 => 16,
        1 => 24,
        3 => 20,
        4 => 9,
        2 or 5 or 6 => 8,
        _ => 4,
    };

    private static DmarTable Add(DmarTable table, AcpiReader r, ushort type, int at, int end) => type switch
    {
        0 => table with
        {
            Units = [.. table.Units, new DmarUnit(r.U16(at + 6), r.U64(at + 8), (r.U8(at + 4) & 1) != 0, Scopes(r, at + 16, end))],
        },
        1 => table with
        {
            ReservedMemory = [.. table.ReservedMemory, new DmarReservedMemory(r.U16(at + 6), r.U64(at + 8), r.U64(at + 16), Scopes(r, at + 24, end))],
        },
        2 => table with { RootPortAts = [.. table.RootPortAts, Ats(r, at, end)] },
        3 => table with { Affinities = [.. table.Affinities, new DmarAffinity(r.U64(at + 8), r.U32(at + 16))] },
        4 => table with
        {
            NamespaceDevices = [.. table.NamespaceDevices, new DmarNamespaceDevice(r.U8(at + 7), r.Text(at + 8, end - at - 8))],
        },
        5 => table with { IntegratedAts = [.. table.IntegratedAts, Ats(r, at, end)] },
        _ => table,
    };

    private static DmarRootPortAts Ats(AcpiReader r, int at, int end) =>
        new(r.U16(at + 6), (r.U8(at + 4) & 1) != 0, Scopes(r, at + 8, end));

    private static ValueList<DmarScope> Scopes(AcpiReader r, int start, int end)
    {
        var scopes = new List<DmarScope>();
        for (var at = start; at < end; at += r.U8(at + 1))
        {
            int length = r.U8(at + 1);
            if (!r.Fits(at, length, 6, end, "device scope"))
            {
                break;
            }

            var path = new List<(byte, byte)>((length - 6) / 2);
            for (var step = at + 6; step + 1 < at + length; step += 2)
            {
                path.Add((r.U8(step), r.U8(step + 1)));
            }

            scopes.Add(new DmarScope((DmarScopeType)r.U8(at), r.U8(at + 4), r.U8(at + 5), path.ToValueList()));
        }

        return scopes.ToValueList();
    }
}
