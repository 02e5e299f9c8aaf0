using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Pci;

/// <summary>The output of <c>lspci -x</c>, <c>-xxx</c> or <c>-xxxx</c>: every function with its configuration space.</summary>
/// <remarks>
/// <para>
/// The format is the one that <c>lspci -F</c> reads (libpci, dump access method): a line that begins with an address, lines
/// of hexadecimal bytes <c>1f0: 00 11 22</c>, an empty line. Other text that lspci printed in between (<c>-v</c>, <c>-nn</c>) is
/// ignored: the ids come from the bytes.
/// </para>
/// <para>Information that a dump does not contain (driver, IOMMU group, sizes of BARs) is unknown. Thread safety: immutable.</para>
/// </remarks>
public sealed class LspciDump
{
    private LspciDump(ValueList<LspciDumpFunction> functions) => Functions = functions;

    /// <summary>Gets the functions by address. If an address occurs twice, the last function counts, although lspci shows both.</summary>
    public ValueList<LspciDumpFunction> Functions { get; }

    /// <summary>Reads a dump.</summary>
    /// <param name="text">The text, with line ends of either kind.</param>
    /// <exception cref="FormatException">
    /// A line of bytes is malformed or exceeds 4096 bytes, or the text contains no function with bytes.
    /// </exception>
    public static LspciDump Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var dump, out var error) ? dump : throw new FormatException(error);
    }

    /// <summary>Returns whether a text looks like a dump: a line with an address is followed by a line of bytes.</summary>
    /// <param name="text">The text, or its beginning.</param>
    public static bool IsDump(ReadOnlySpan<char> text)
    {
        var hasAddress = false;
        foreach (var line in text.EnumerateLines())
        {
            if (TryAddress(line, out _))
            {
                hasAddress = true;
            }
            else if (line.IsEmpty)
            {
                hasAddress = false;
            }
            else if (hasAddress && TryOffset(line, out _, out _))
            {
                return true;
            }
        }

        return false;
    }

    internal static bool TryParse(string text, out LspciDump dump, out string? error)
    {
        var functions = new SortedDictionary<PciAddress, DumpedBytes>();
        DumpedBytes? current = null;
        error = null;
        dump = new LspciDump([]);
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (TryAddress(line, out var address))
            {
                functions[address] = current = new DumpedBytes();
            }
            else if (line.IsEmpty)
            {
                current = null;
            }
            else if (current is not null && TryOffset(line, out var offset, out var bytes) && !current.TryAdd(offset, bytes))
            {
                error = $"line {number}: '{line}' is not a line of an lspci dump (bytes in hexadecimal, at most 4096 of them)";
                return false;
            }
        }

        dump = new LspciDump([.. functions.Where(pair => pair.Value.Length > 0).Select(pair => new LspciDumpFunction(pair.Key, pair.Value.ToArray()))]);
        error = dump.Functions.Count > 0 ? null : "no PCI function has bytes; create the dump with lspci -D -xxxx as root";
        return error is null;
    }

    private static bool TryAddress(ReadOnlySpan<char> line, out PciAddress address)
    {
        // "00:1f.3 " with or without a domain of four to eight digits
        var end = line.IndexOf(' ');
        address = default;
        return end is >= 7 and <= 16 && line[end - 2] == '.' && line[end - 5] == ':'
            && (end == 7 || (end >= 12 && line[end - 8] == ':'))
            && PciAddress.TryParse(line[..end], null, out address);
    }

    private static bool TryOffset(ReadOnlySpan<char> line, out int offset, out ReadOnlySpan<char> bytes)
    {
        offset = 0;
        bytes = default;
        var colon = line.IndexOf(':');
        if (colon is < 2 or > 8 || line.Length < colon + 2 || line[colon + 1] != ' ')
        {
            return false;
        }

        bytes = line[(colon + 2)..];
        return int.TryParse(line[..colon], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out offset);
    }

    /// <summary>Bytes by offset, as far as they are known; what a dump left out in between reads as ones.</summary>
    private sealed class DumpedBytes
    {
        private byte[] _bytes = [];

        public int Length { get; private set; }

        public byte[] ToArray() => _bytes[..Length];

        public bool TryAdd(int offset, ReadOnlySpan<char> text)
        {
            text = text.TrimEnd();
            for (; !text.IsEmpty; text = text.Length > 2 ? text[3..] : default)
            {
                if (offset is < 0 or >= PciConfigurationSpace.ExtendedLength || text.Length == 1 || (text.Length > 2 && text[2] != ' ')
                    || !byte.TryParse(text[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                {
                    return false;
                }

                Grow(offset + 1);
                _bytes[offset++] = value;
            }

            return true;
        }

        private void Grow(int length)
        {
            if (length > _bytes.Length)
            {
                var old = _bytes.Length;
                Array.Resize(ref _bytes, length <= 256 ? 256 : PciConfigurationSpace.ExtendedLength);
                _bytes.AsSpan(old).Fill(0xff);
            }

            Length = Math.Max(Length, length);
        }
    }
}
