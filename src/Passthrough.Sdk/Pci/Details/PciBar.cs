using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Pci.Details;

/// <summary>An address range of a function (base address register) as the kernel has set it up.</summary>
/// <param name="Index">The number of the register, 0 to 5; for a 64-bit BAR, which uses two registers, the first of them. 6 is the expansion ROM.</param>
/// <param name="Type">The kind of the range.</param>
/// <param name="Address">The first address; null if none is assigned.</param>
/// <param name="Size">The size in bytes; null if the source does not contain it, such as an lspci dump.</param>
/// <param name="IsPrefetchable">
/// Whether the memory is prefetchable, that is, reads have no side effects. False for a ROM, whose register has no such bit.
/// </param>
/// <param name="Width">Bits of the register: 32 or 64.</param>
/// <remarks>
/// Source: a line of <c>resource</c>: first address, last address, flags (kernel: include/linux/ioport.h); where there is no
/// such file, the register itself in the configuration header. Thread safety: immutable.
/// </remarks>
public sealed record PciBar(int Index, PciBarType Type, ulong? Address, ulong? Size, bool IsPrefetchable, int Width)
{
    private const int RomIndex = 6;
    private const ulong Io = 0x100;
    private const ulong Memory = 0x200;
    private const ulong Prefetch = 0x2000;
    private const ulong Wide = 0x100000;
    private const ulong Unset = 0x20000000;

    /// <summary>Gets the sizes in bytes that can be set (resizable BAR); empty if it has only one size. Source: <c>resourceN_resize</c>.</summary>
    public ValueList<ulong> PossibleSizes { get; init; } = [];

    /// <summary>Reads the kernel's lines; those after the ROM belong to bridges and virtual functions.</summary>
    internal static ValueList<PciBar> ParseAll(ReadOnlySpan<char> text)
    {
        var bars = new List<PciBar>();
        Span<Range> words = stackalloc Range[4];
        var index = 0;
        foreach (var line in text.EnumerateLines())
        {
            if (index <= RomIndex
                && line.Split(words, ' ', StringSplitOptions.RemoveEmptyEntries) == 3
                && TryHex(line[words[0]], out var first)
                && TryHex(line[words[1]], out var last)
                && TryHex(line[words[2]], out var flags)
                && Parse(index, first, last, flags) is { } bar)
            {
                bars.Add(bar);
            }

            index++;
        }

        return bars.ToValueList();
    }

    /// <summary>The registers as the function itself holds them: a size is not to be had from them without writing.</summary>
    internal static ValueList<PciBar> FromHeader(PciHeader header)
    {
        var bars = header.Bars.Select(bar => new PciBar(
            bar.Index,
            bar.IsIo ? PciBarType.Io : PciBarType.Memory,
            IsAssigned(header, bar) ? bar.Address : null,
            Size: null,
            bar.IsPrefetchable,
            bar.Width == 64 ? 64 : 32));
        return header.Rom is { } rom
            ? [.. bars, new PciBar(RomIndex, PciBarType.Rom, rom.Address == 0 ? null : rom.Address, Size: null, IsPrefetchable: false, 32)]
            : [.. bars];
    }

    // A function that answers at its I/O ports answers at port 0 where the register says so; memory is never there.
    private static bool IsAssigned(PciHeader header, BaseAddressRegister bar) =>
        bar.IsAssigned || (bar.IsIo && (header.Command & PciCommand.IoSpace) != 0);

    /// <summary>Reads <c>resourceN_resize</c>: bit n stands for 2^n MiB.</summary>
    internal static ValueList<ulong> ParseSizes(string text)
    {
        if (!ulong.TryParse(text.Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
        {
            return [];
        }

        var sizes = new List<ulong>();
        for (var bit = 0; bit < 44; bit++)
        {
            if ((bits >> bit & 1) != 0)
            {
                sizes.Add(1UL << (bit + 20));
            }
        }

        return sizes.ToValueList();
    }

    private static PciBar? Parse(int index, ulong first, ulong last, ulong flags)
    {
        if ((flags & (Io | Memory)) == 0 || last < first || (first == 0 && last == 0))
        {
            return null;
        }

        var type = index == RomIndex ? PciBarType.Rom : (flags & Io) != 0 ? PciBarType.Io : PciBarType.Memory;
        return new PciBar(
            index,
            type,
            (flags & Unset) != 0 ? null : first,
            unchecked(last - first + 1),
            type == PciBarType.Memory && (flags & Prefetch) != 0,
            type == PciBarType.Memory && (flags & Wide) != 0 ? 64 : 32);
    }

    private static bool TryHex(ReadOnlySpan<char> word, out ulong value)
    {
        value = 0;
        return word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && ulong.TryParse(word[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
