using System.Buffers.Binary;
using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Walks the little-endian structures of an ACPI table and notes what does not fit instead of throwing.</summary>
internal ref struct AcpiReader
{
    public const int HeaderSize = 36;

    /// <summary>The offset of the checksum. The kernel warns of a wrong one but uses the table.</summary>
    public const int ChecksumOffset = 9;
    private readonly List<FirmwareTableProblem> _problems;

    private AcpiReader(ReadOnlySpan<byte> data, List<FirmwareTableProblem> problems)
    {
        Data = data;
        _problems = problems;
    }

    /// <summary>The table, as long as its header says or as long as it really is, whichever is shorter.</summary>
    public ReadOnlySpan<byte> Data { get; }

    public static AcpiReader Open(ReadOnlySpan<byte> content, string signature, string? other = null)
    {
        var problems = new List<FirmwareTableProblem>();
        var whole = new AcpiReader(content, problems);
        if (content.Length < HeaderSize)
        {
            whole.Note(0, $"the table has {content.Length} bytes, but the header alone needs {HeaderSize}");
            return whole;
        }

        if (whole.Text(0, 4) is var found && found != signature && found != other)
        {
            whole.Note(0, $"the signature is '{found}', not '{signature}'");
        }

        var length = whole.U32(4);
        if (length < HeaderSize)
        {
            whole.Note(4, $"the header gives the table a length of {length} bytes");
            return whole;
        }

        if (length > content.Length)
        {
            whole.Note(4, $"the header says {length} bytes, but the table has only {content.Length}");
            return whole;
        }

        byte sum = 0;
        foreach (var b in content[..(int)length])
        {
            sum = unchecked((byte)(sum + b));
        }

        if (sum != 0)
        {
            whole.Note(ChecksumOffset, $"the bytes add up to {sum:x2}, not to 00: the checksum is wrong");
        }

        return new AcpiReader(content[..(int)length], problems);
    }

    public readonly ValueList<FirmwareTableProblem> Problems => _problems.ToValueList();

    public readonly void Note(int offset, string message) => _problems.Add(new FirmwareTableProblem(offset, message));

    /// <summary>Whether so many bytes are there.</summary>
    public readonly bool Has(int offset, int count) => offset >= 0 && count >= 0 && (long)offset + count <= Data.Length;

    public readonly byte U8(int offset) => Has(offset, 1) ? Data[offset] : (byte)0;

    public readonly ushort U16(int offset) => Has(offset, 2) ? BinaryPrimitives.ReadUInt16LittleEndian(Data[offset..]) : (ushort)0;

    public readonly uint U32(int offset) => Has(offset, 4) ? BinaryPrimitives.ReadUInt32LittleEndian(Data[offset..]) : 0;

    public readonly ulong U64(int offset) => Has(offset, 8) ? BinaryPrimitives.ReadUInt64LittleEndian(Data[offset..]) : 0;

    /// <summary>Characters up to the first null, without blanks at the end; what is no printable ASCII becomes a question mark.</summary>
    public readonly string Text(int offset, int count)
    {
        var text = new StringBuilder();
        for (var i = offset; i < offset + count && i < Data.Length && Data[i] != 0; i++)
        {
            text.Append(Data[i] is >= 0x20 and < 0x7f ? (char)Data[i] : '?');
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>
    /// One structure of a chain. False at the end of the region, and at a structure that leaves it or cannot hold what its
    /// kind needs, which is noted.
    /// </summary>
    public readonly bool Fits(int offset, int length, int minimum, int end, string kind)
    {
        if (length < minimum || length == 0)
        {
            Note(offset, $"a {kind} has {length} bytes, but needs at least {minimum}");
            return false;
        }

        if ((long)offset + length > end)
        {
            Note(offset, $"a {kind} has {length} bytes, but only {end - offset} remain");
            return false;
        }

        return true;
    }

    /// <summary>Copies the header into a table's model.</summary>
    public readonly T WithHeader<T>(T table)
        where T : AcpiTable
        => Data.Length < HeaderSize
            ? table with { Problems = Problems }
            : table with
            {
                Signature = Text(0, 4), Revision = U8(8), OemId = Text(10, 6), OemTableId = Text(16, 8), Problems = Problems,
            };
}
