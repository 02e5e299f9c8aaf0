using System.Buffers;
using System.Globalization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Explain.Text;

/// <summary>Finds PCI addresses in a line, in every form that programs use.</summary>
/// <remarks>
/// <c>0000:01:00.0</c>, <c>01:00.0</c>, <c>0x0000:0x01:0x00.0x0</c>, <c>0x00:0x02.0</c>, <c>pci_0000_01_00_0</c>,
/// <c>0000_01_00_0</c>, <c>0000-01-00.0</c>, <c>000001000</c> (Harvester's names), <c>domain='0x0000' bus='0x01' slot='0x00'
/// function='0x0'</c>; upper case, and unnecessary zeros before or after. Thread safety: pure.
/// </remarks>
internal static class PciAddressScanner
{
    private const int LongestRun = 96;
    private static readonly SearchValues<char> RunCharacters = SearchValues.Create("0123456789abcdefABCDEFxX:._-");
    private static readonly string[] Attributes = ["domain=", "bus=", "slot=", "function="];

    /// <summary>Adds the addresses of a line.</summary>
    /// <param name="line">A plain line without leading times.</param>
    /// <param name="sure">Receives the unambiguous ones: with a PCI domain of four digits or more, or after <c>host=</c>.</param>
    /// <param name="perhaps">Receives the ambiguous ones: they can also be a time, a date, or an address in the guest.</param>
    /// <param name="parents">Receives the physical devices of mediated ones, which a path names before them.</param>
    public static void Add(ReadOnlySpan<char> line, List<PciAddress> sure, List<PciAddress> perhaps, List<PciAddress> parents)
    {
        AddAttributes(line, perhaps);
        for (var at = 0; line[at..].IndexOfAny(RunCharacters) is >= 0 and var skipped;)
        {
            var begin = at + skipped;
            var length = line[begin..].IndexOfAnyExcept(RunCharacters);
            var end = length < 0 ? line.Length : begin + length;
            var before = line[..begin];
            if (end - begin is >= 5 and <= LongestRun && Parse(line[begin..end], before, out var address, out var isFull) && !IsAncestor(line[end..]))
            {
                if (line[end..] is ['/', .. var after] && IsUuid(after))
                {
                    parents.Add(address);
                    at = end;
                    continue;
                }

                (isFull || IsAfterHost(before) ? sure : perhaps).Add(address);
            }

            at = end;
        }
    }

    private static bool IsAfterHost(ReadOnlySpan<char> before) => before.EndsWith("host=") || before.EndsWith("host\":\"") || before.EndsWith("host\": \"");

    // "/sys/devices/pci0000:00/0000:00:03.1/0000:06:00.0/...": the path does not concern the ports above.
    private static bool IsAncestor(ReadOnlySpan<char> after) =>
        after is ['/', ..] && after.Length >= 13 && after[1..] is var next && next.IndexOfAnyExcept(RunCharacters) is var end
        && Parse(end < 0 ? next : next[..end], [], out _, out var isFull) && isFull;

    private static bool IsUuid(ReadOnlySpan<char> text) => text.Length >= 36 && Guid.TryParseExact(text[..36], "D", out _);

    private static bool Parse(ReadOnlySpan<char> run, ReadOnlySpan<char> before, out PciAddress address, out bool isFull)
    {
        isFull = false;
        address = default;
        run = run.Trim(":.-_");
        var dot = run.LastIndexOf('.');
        if (dot < 0)
        {
            return run.Contains('_') ? ParseUnderscores(run, before, out address, out isFull) : ParseDigits(run, out address);
        }

        var dashes = run[..dot].Count('-');
        var separator = run[..dot].Contains(':') ? ':' : dashes >= 2 ? '-' : '\0';
        if (separator == '\0' || !Number(run[(dot + 1)..], 7, out var function, out _))
        {
            return false;
        }

        Span<uint> parts = stackalloc uint[3];
        var count = 0;
        var domainLength = 0;
        for (var rest = run[..dot]; count < 3; count++)
        {
            var cut = rest.LastIndexOf(separator);
            if (!Number(rest[(cut + 1)..], count == 0 ? 31u : count == 1 ? 255u : uint.MaxValue, out parts[count], out domainLength))
            {
                break;
            }

            rest = cut < 0 ? [] : rest[..cut];
            if (cut < 0)
            {
                count++;
                break;
            }
        }

        if (count < 2 || (separator == '-' && (count < 3 || domainLength < 4)))
        {
            return false;
        }

        isFull = count == 3 && domainLength >= 4 && separator == ':';
        address = new PciAddress(count == 3 ? parts[2] : 0, (byte)parts[1], (byte)parts[0], (byte)function);
        return true;
    }

    // "0000_01_00_0", after "pci_" as libvirt names node devices, or alone; "pci_" itself ends in a character of the run.
    private static bool ParseUnderscores(ReadOnlySpan<char> run, ReadOnlySpan<char> before, out PciAddress address, out bool isFull)
    {
        address = default;
        isFull = false;
        Span<Range> ranges = stackalloc Range[8];
        var count = run.Split(ranges, '_');
        if (count < 4)
        {
            return false;
        }

        // The characters before it belong to another word ("xpci_c_0000_01_00_0" has 'c' before it).
        var domain = run[ranges[count - 4]];
        if (domain.Length < 4 || !Number(domain, uint.MaxValue, out var domainNumber, out _) || !Number(run[ranges[count - 3]], 255, out var bus, out _)
            || !Number(run[ranges[count - 2]], 31, out var slot, out _) || !Number(run[ranges[count - 1]], 7, out var function, out _))
        {
            return false;
        }

        address = new PciAddress(domainNumber, (byte)bus, (byte)slot, (byte)function);
        isFull = before.EndsWith("pci", StringComparison.OrdinalIgnoreCase) || before.EndsWith("pci_", StringComparison.OrdinalIgnoreCase) || run.Length >= 12;
        return true;
    }

    // "node1-000901000": domain, bus, slot and function without separators.
    private static bool ParseDigits(ReadOnlySpan<char> run, out PciAddress address)
    {
        address = default;
        run = run[(run.LastIndexOf('-') + 1)..];
        if (run.Length != 9 || !uint.TryParse(run[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var domain)
            || !byte.TryParse(run[4..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bus)
            || !byte.TryParse(run[6..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var slot) || slot > 31 || run[8] is not (>= '0' and <= '7'))
        {
            return false;
        }

        address = new PciAddress(domain, bus, slot, (byte)(run[8] - '0'));
        return true;
    }

    // <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>: of the host or of the guest.
    private static void AddAttributes(ReadOnlySpan<char> line, List<PciAddress> perhaps)
    {
        while (line.IndexOf("bus=", StringComparison.OrdinalIgnoreCase) is >= 0 and var bus)
        {
            var from = Math.Max(0, bus - 40);
            var part = line[from..Math.Min(line.Length, bus + 80)];
            if (Attribute(part, Attributes[1], out var busNumber) && busNumber < 256 && Attribute(part, Attributes[2], out var slot) && slot < 32
                && Attribute(part, Attributes[3], out var function) && function < 8)
            {
                _ = Attribute(part, Attributes[0], out var domain);
                perhaps.Add(new PciAddress(domain, (byte)busNumber, (byte)slot, (byte)function));
            }

            line = line[(bus + 4)..];
        }
    }

    private static bool Attribute(ReadOnlySpan<char> text, string name, out uint value)
    {
        value = 0;
        if (text.IndexOf(name, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var at))
        {
            return false;
        }

        var digits = text[(at + name.Length)..].TrimStart("'\"");
        var isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        digits = isHex ? digits[2..] : digits;
        var length = 0;
        while (length < digits.Length && (isHex ? char.IsAsciiHexDigit(digits[length]) : char.IsAsciiDigit(digits[length])))
        {
            length++;
        }

        return uint.TryParse(digits[..length], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static bool Number(ReadOnlySpan<char> digits, uint most, out uint value, out int length)
    {
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        length = digits.Length;
        value = 0;
        return length is > 0 and <= 8 && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value <= most;
    }
}
