using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Pci;

/// <summary>
/// The address of a PCI function: domain, bus, slot and function, written as <c>0000:01:00.0</c>.
/// </summary>
/// <remarks>
/// <para>
/// The format is that of <c>/sys/bus/pci/devices</c> and of <c>lspci -D</c> (kernel:
/// Documentation/ABI/testing/sysfs-bus-pci). Domains are wider than 16 bits if a host bridge is created by
/// software (Intel VMD: <c>10000:00:00.0</c>).
/// </para>
/// <para>The default value is <c>0000:00:00.0</c>, which is the host bridge on most machines.</para>
/// <para>Thread safety: immutable.</para>
/// </remarks>
[JsonConverter(typeof(PciAddressJsonConverter))]
public readonly record struct PciAddress : IComparable<PciAddress>, ISpanParsable<PciAddress>, ISpanFormattable
{
    private const int MaxSlot = 31;
    private const int MaxFunction = 7;

    /// <summary>Creates an address from its parts.</summary>
    /// <param name="domain">PCI domain (segment), 32 bits.</param>
    /// <param name="bus">Bus, 0 to 255.</param>
    /// <param name="slot">Slot (device number), 0 to 31.</param>
    /// <param name="function">Function, 0 to 7.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slot"/> or <paramref name="function"/> is too large.</exception>
    public PciAddress(uint domain, byte bus, byte slot, byte function)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slot, MaxSlot);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(function, MaxFunction);
        Domain = domain;
        Bus = bus;
        Slot = slot;
        Function = function;
    }

    /// <summary>Gets the PCI domain (segment), 0 on most machines; more than 0xffff behind Intel VMD.</summary>
    public uint Domain { get; }

    /// <summary>Gets the bus number, 0 to 255.</summary>
    public byte Bus { get; }

    /// <summary>Gets the slot (device number) on the bus, 0 to 31.</summary>
    public byte Slot { get; }

    /// <summary>Gets the function of the slot, 0 to 7.</summary>
    public byte Function { get; }

    /// <summary>
    /// Gets libvirt's name of the node device: <c>pci_0000_01_00_0</c> (<c>virsh nodedev-list --cap pci</c>);
    /// <see cref="TryParseNodeDeviceName"/> parses it.
    /// </summary>
    public string NodeDeviceName =>
        string.Create(CultureInfo.InvariantCulture, $"pci_{Domain:x4}_{Bus:x2}_{Slot:x2}_{Function:x}");

    /// <summary>Reads <c>domain:bus:slot.function</c> or, for domain 0, <c>bus:slot.function</c>; hexadecimal, either case.</summary>
    /// <param name="s">The text.</param>
    /// <exception cref="FormatException"><paramref name="s"/> is not a PCI address.</exception>
    public static PciAddress Parse(string s) => Parse(s, null);

    /// <inheritdoc cref="Parse(string)"/>
    public static PciAddress Parse(string s, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static PciAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var address)
            ? address
            : throw new FormatException($"'{s}' is not a PCI address; write domain:bus:slot.function, for example 0000:01:00.0");

    /// <summary>Reads an address as <see cref="Parse(string)"/> does, without an exception.</summary>
    /// <param name="s">The text; null is not an address.</param>
    /// <param name="result">The address, or the default value.</param>
    /// <returns>Whether <paramref name="s"/> is an address.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, out PciAddress result) => TryParse(s.AsSpan(), null, out result);

    /// <inheritdoc cref="TryParse(string, out PciAddress)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PciAddress result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc cref="TryParse(string, out PciAddress)"/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out PciAddress result)
    {
        result = default;
        var dot = s.LastIndexOf('.');
        if (dot < 0 || !TryHex(s[(dot + 1)..], 1, out var function))
        {
            return false;
        }

        s = s[..dot];
        var colon = s.LastIndexOf(':');
        if (colon < 0 || !TryHex(s[(colon + 1)..], 2, out var slot))
        {
            return false;
        }

        s = s[..colon];
        colon = s.LastIndexOf(':');
        uint domain = 0;
        if ((colon >= 0 && !TryHex(s[..colon], 8, out domain)) || !TryHex(s[(colon + 1)..], 2, out var bus))
        {
            return false;
        }

        if (slot > MaxSlot || function > MaxFunction)
        {
            return false;
        }

        result = new PciAddress(domain, (byte)bus, (byte)slot, (byte)function);
        return true;
    }

    /// <summary>Reads the name of a node device as libvirt writes it: <c>pci_0000_01_00_0</c> (<see cref="NodeDeviceName"/>).</summary>
    /// <param name="name">The name; that of a device of another kind (<c>net_eth0_52_54_00</c>) is not an address.</param>
    /// <param name="result">The address, or the default value.</param>
    /// <returns>Whether <paramref name="name"/> is that of a PCI function.</returns>
    public static bool TryParseNodeDeviceName(ReadOnlySpan<char> name, out PciAddress result)
    {
        result = default;
        Span<Range> parts = stackalloc Range[6];
        if (name.Split(parts, '_') != 5 || name[parts[0]] is not "pci"
            || !TryHex(name[parts[1]], 8, out var domain) || !TryHex(name[parts[2]], 2, out var bus)
            || !TryHex(name[parts[3]], 2, out var slot) || !TryHex(name[parts[4]], 1, out var function)
            || slot > MaxSlot || function > MaxFunction)
        {
            return false;
        }

        result = new PciAddress(domain, (byte)bus, (byte)slot, (byte)function);
        return true;
    }

    /// <summary>Compares addresses by domain, bus, slot and function, in the order of lspci.</summary>
    /// <param name="other">The address to compare with.</param>
    public int CompareTo(PciAddress other) => SortKey.CompareTo(other.SortKey);

    /// <summary>Returns whether both are functions of the same slot, that is, of one card.</summary>
    /// <param name="other">The address to compare with.</param>
    public bool IsSameSlot(PciAddress other) => (SortKey >> 3) == (other.SortKey >> 3);

    /// <summary>Returns the address with its domain, in lower case: <c>0000:01:00.0</c>.</summary>
    public override string ToString() => ToString(null, null);

    /// <inheritdoc/>
    /// <remarks>There is one format; both parameters are ignored.</remarks>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        string.Create(CultureInfo.InvariantCulture, $"{Domain:x4}:{Bus:x2}:{Slot:x2}.{Function:x}");

    /// <inheritdoc/>
    /// <remarks>There is one format; the last two parameters are ignored.</remarks>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"{Domain:x4}:{Bus:x2}:{Slot:x2}.{Function:x}", out charsWritten);

    /// <summary>Returns whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(PciAddress left, PciAddress right) => left.CompareTo(right) < 0;

    /// <summary>Returns whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(PciAddress left, PciAddress right) => left.CompareTo(right) > 0;

    /// <summary>Returns whether <paramref name="left"/> comes before <paramref name="right"/> or is the same.</summary>
    public static bool operator <=(PciAddress left, PciAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Returns whether <paramref name="left"/> comes after <paramref name="right"/> or is the same.</summary>
    public static bool operator >=(PciAddress left, PciAddress right) => left.CompareTo(right) >= 0;

    /// <summary>The address as one number below 2^48, in the order of addresses.</summary>
    internal ulong SortKey => ((ulong)Domain << 16) | ((ulong)Bus << 8) | ((uint)Slot << 3) | Function;

    private static bool TryHex(ReadOnlySpan<char> digits, int most, out uint value)
    {
        value = 0;
        return digits.Length >= 1 && digits.Length <= most
            && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
