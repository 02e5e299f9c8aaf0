using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Passthrough.Sdk.Pci;

/// <summary>
/// The text of a <c>pci.ids</c> file, searched where it lies. One pass finds the blocks (the lines that begin neither with a
/// tab nor with a comment); the order of the file does not matter, nor that the blocks are sorted.
/// </summary>
/// <remarks>
/// Top level: <c>vvvv  vendor</c>, <c>C cc  class</c>, <c>S vvvv</c> (subsystems of a vendor, whatever the chip), other
/// letters are reserved. Below a vendor: <c>TAB dddd  device</c>, <c>TAB TAB vvvv dddd  subsystem</c>. Below a class:
/// <c>TAB ss  subclass</c>, <c>TAB TAB pp  programming interface</c>.
/// </remarks>
internal sealed class PciIdText
{
    private const int Classes = 1 << 16;
    private const int GenericSubsystems = 2 << 16;
    private const int NoBlock = -2;
    private readonly byte[] _text;

    // By vendor id, Classes + class, GenericSubsystems + vendor id.
    private readonly PciIdBlocks _blocks = new();

    public PciIdText(byte[] text)
    {
        _text = text;
        FindBlocks();
    }

    public ReadOnlySpan<byte> Vendor(int vendor) => Title(Block(vendor), 4);

    public ReadOnlySpan<byte> Class(int baseClass) => Title(Block(Classes + baseClass), 4);

    public ReadOnlySpan<byte> Device(int vendor, int device) => Name(Entry(Block(vendor), 1, device, 4), 5);

    public ReadOnlySpan<byte> Subclass(int baseClass, int subclass) => Name(Entry(Block(Classes + baseClass), 1, subclass, 2), 3);

    public ReadOnlySpan<byte> ProgrammingInterface(int baseClass, int subclass, int programmingInterface) =>
        Name(Entry(Children(Entry(Block(Classes + baseClass), 1, subclass, 2)), 2, programmingInterface, 2), 4);

    public ReadOnlySpan<byte> GenericSubsystem(int vendor, int device) =>
        Name(Entry(Block(GenericSubsystems + vendor), 1, device, 4), 5);

    public ReadOnlySpan<byte> Subsystem(int vendor, int device, int subvendor, int subdevice)
    {
        // A chip has few subsystems of one vendor: go through them for the second number.
        var rest = Children(Entry(Block(vendor), 1, device, 4));
        while (true)
        {
            rest = Entry(rest, 2, subvendor, 4);
            if (rest.Length < 11)
            {
                return default;
            }

            if (Hex(rest.Slice(7, 4)) == subdevice)
            {
                return Name(rest, 11);
            }

            rest = rest[1..];
        }
    }

    private ReadOnlySpan<byte> Block(int key)
    {
        _blocks.Get(key, out var start, out var end);
        return _text.AsSpan(start, end - start);
    }

    /// <summary>From a line at one tab to the next such line: what lies below it.</summary>
    private static ReadOnlySpan<byte> Children(ReadOnlySpan<byte> entry)
    {
        var from = 1;
        while (from < entry.Length)
        {
            var next = entry[from..].IndexOf("\n\t"u8);
            if (next < 0)
            {
                return entry;
            }

            from += next + 2;
            if (from < entry.Length && entry[from] != (byte)'\t')
            {
                return entry[..(from - 1)];
            }
        }

        return entry;
    }

    /// <summary>The rest of a block from the tabs of the line that bears the number; empty if there is none.</summary>
    private static ReadOnlySpan<byte> Entry(ReadOnlySpan<byte> block, int tabs, int number, int digits)
    {
        Span<byte> wanted = stackalloc byte[1 + tabs + digits];
        wanted[0] = (byte)'\n';
        wanted[1] = wanted[tabs] = (byte)'\t'; // one tab, or two
        Utf8Formatter.TryFormat(number, wanted[(1 + tabs)..], out _, new('x', (byte)digits));
        var at = block.IndexOf(wanted);
        if (at < 0 && HasLetter(number))
        {
            Utf8Formatter.TryFormat(number, wanted[(1 + tabs)..], out _, new('X', (byte)digits));
            at = block.IndexOf(wanted);
        }

        return at < 0 ? default : block[(at + 1)..];
    }

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> line, int skip) => line.Length <= skip ? default : Title(line, skip);

    private static ReadOnlySpan<byte> Title(ReadOnlySpan<byte> line, int skip)
    {
        if (line.Length <= skip)
        {
            return default;
        }

        var end = line.IndexOf((byte)'\n');
        line = (end < 0 ? line : line[..end])[skip..];
        var (first, after) = (0, line.Length);
        while (first < after && IsBlank(line[first]))
        {
            first++;
        }

        while (after > first && IsBlank(line[after - 1]))
        {
            after--;
        }

        return line[first..after];
    }

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r';

    // Written out: a generic search of the framework's would be compiled again for bytes, at the first look-up.
    private static bool HasLetter(int number)
    {
        while ((number & 0xf) < 0xa && number != 0)
        {
            number >>= 4;
        }

        return number != 0;
    }

    private static int Hex(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out int value, out var used, 'x') && used == digits.Length ? value : -1;

    private void FindBlocks()
    {
        // A block begins at a line that begins with neither a tab nor a comment, and ends where the next begins.
        var text = new ReadOnlySpan<byte>(_text);
        var (open, start) = (-1, 0);
        for (var at = 0; at < text.Length; at = NextLine(text, at))
        {
            if (Key(text[at..]) is var key and not NoBlock)
            {
                Close(open, start, at);
                (open, start) = (key, at);
            }
        }

        Close(open, start, text.Length);
    }

    /// <summary>Where the next line begins that does not begin with a tab; the end of the text when there is none.</summary>
    /// <remarks>
    /// Nine lines of ten begin with one. So sixteen characters at a time are searched for a line end that no tab follows, by
    /// instructions that every processor has: no other code is as fast before it was compiled for this one.
    /// </remarks>
    private static int NextLine(ReadOnlySpan<byte> text, int at)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        while (Vector128.IsHardwareAccelerated && at + Vector128<byte>.Count < text.Length)
        {
            var ends = Vector128.Equals(Vector128.LoadUnsafe(ref first, (nuint)at), Vector128.Create((byte)'\n'));
            var tabs = Vector128.Equals(Vector128.LoadUnsafe(ref first, (nuint)at + 1), Vector128.Create((byte)'\t'));
            var found = Vector128.AndNot(ends, tabs).ExtractMostSignificantBits();
            if (found != 0)
            {
                return at + BitOperations.TrailingZeroCount(found) + 1;
            }

            at += Vector128<byte>.Count;
        }

        while (at < text.Length)
        {
            if (text[at++] == (byte)'\n' && (at == text.Length || text[at] != (byte)'\t'))
            {
                break;
            }
        }

        return at;
    }

    private void Close(int open, int start, int end)
    {
        if (open >= 0)
        {
            _blocks.Add(open, start, end);
        }
    }

    /// <summary>Whose block a line opens; -1: a block of no use here; <see cref="NoBlock"/>: a comment or an empty line.</summary>
    private static int Key(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] is (byte)'#' or (byte)'\n' or (byte)'\r' or (byte)' ' or (byte)'\t')
        {
            return NoBlock;
        }

        if (line.Length > 5 && line[1] != (byte)' ')
        {
            return Hex(line[..4]);
        }

        return line.Length < 6 ? -1 : line[0] switch
        {
            (byte)'C' when Hex(line.Slice(2, 2)) is >= 0 and var number => Classes + number,
            (byte)'S' when Hex(line.Slice(2, 4)) is >= 0 and var number => GenericSubsystems + number,
            _ => -1,
        };
    }
}
