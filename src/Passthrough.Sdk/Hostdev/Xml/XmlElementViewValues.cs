using System.Globalization;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>Typed reading, by libvirt's rules for values.</summary>
internal static class XmlElementViewValues
{
    /// <summary>The one child of that name; null if there is none.</summary>
    /// <exception cref="LibvirtXmlException">There are two: one of them would be lost.</exception>
    public static XmlElementView? Single(this XmlElementView element, ReadOnlySpan<char> name)
    {
        var found = element.Find(name, element.Index + 1);
        if (found < 0)
        {
            return null;
        }

        var second = element.Find(name, element.Tree[found].Next);
        return second < 0
            ? new XmlElementView(element.Tree, found)
            : throw new XmlElementView(element.Tree, second).Error("occurs twice; libvirt would use one and drop the other");
    }

    public static XmlElementView Required(this XmlElementView element, ReadOnlySpan<char> name) =>
        element.Single(name) ?? throw element.Error($"the element <{name}> is missing");

    /// <summary>Refuses the element where the attribute is missing or empty.</summary>
    public static void Require(this XmlElementView element, ReadOnlySpan<char> name)
    {
        if (!element.TryAttribute(name, out var value) || value.IsEmpty)
        {
            throw element.Error($"the attribute '{name}' is missing");
        }
    }

    public static string RequiredAttribute(this XmlElementView element, ReadOnlySpan<char> name) =>
        element.Attribute(name) is { Length: > 0 } value ? value : throw element.Error($"the attribute '{name}' is missing");

    /// <summary>A number the way libvirt reads it (virStrToLong with base 0): 0x hexadecimal, leading 0 octal, else decimal.</summary>
    public static uint? Number(this XmlElementView element, ReadOnlySpan<char> name, uint most = uint.MaxValue)
    {
        if (!element.TryAttribute(name, out var text))
        {
            return null;
        }

        return TryNumber(text, out var value) && value <= most
            ? value
            : throw element.Error($"'{name}' is '{text}' and must be a number from 0 to {most} (0x{most:x})");
    }

    /// <summary>A number that libvirt reads with base 10.</summary>
    public static uint? Decimal(this XmlElementView element, ReadOnlySpan<char> name, uint most = uint.MaxValue) =>
        !element.TryAttribute(name, out var text) ? null
        : TryDecimal(text, out var value) && value <= most ? value
        : throw element.Error($"'{name}' is '{text}' and must be a decimal number from 0 to {most}");

    /// <summary>The text of the one child of that name; null if there is none.</summary>
    public static string? Text(this XmlElementView element, ReadOnlySpan<char> name) => element.Single(name)?.Value;

    /// <summary>The decimal number in the one child of that name; null if there is none.</summary>
    public static uint? DecimalText(this XmlElementView element, ReadOnlySpan<char> name, uint most = uint.MaxValue) =>
        element.Single(name) is not { } child ? null
        : TryDecimal(child.Value, out var value) && value <= most ? value
        : throw child.Error($"is '{child.Value}' and must be a decimal number of at most {most}");

    /// <summary>The number, base 0, in the one child of that name; null if there is none.</summary>
    public static uint? NumberText(this XmlElementView element, ReadOnlySpan<char> name, uint most = uint.MaxValue) =>
        element.Single(name) is not { } child ? null
        : TryNumber(child.Value, out var value) && value <= most ? value
        : throw child.Error($"is '{child.Value}' and must be a number from 0 to 0x{most:x}");

    public static bool TryDecimal(ReadOnlySpan<char> text, out uint value) =>
        uint.TryParse(Digits(text), NumberStyles.None, CultureInfo.InvariantCulture, out value);

    public static bool TryNumber(ReadOnlySpan<char> text, out uint value)
    {
        var ok = TryLong(text, out var wide);
        value = ok && wide <= uint.MaxValue ? (uint)wide : 0;
        return ok && wide <= uint.MaxValue;
    }

    public static bool TryLong(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        text = Digits(text);
        if (text.Length > 0 && text[0] != '0')
        {
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        }

        var isHexadecimal = text.Length > 2 && text[1] is 'x' or 'X';
        var (at, bits, most) = isHexadecimal ? (2, 4, 15u) : (0, 3, 7u);
        for (; at < text.Length; at++)
        {
            var digit = Hexadecimal.Digit(text[at]);
            if (digit > most || value >> (64 - bits) != 0)
            {
                return false;
            }

            value = (value << bits) | digit;
        }

        return text.Length > 0;
    }

    /// <summary>A number without what C's strtoul steps over before it: white space, and one plus sign.</summary>
    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && text[0] is ' ' or (>= '\t' and <= '\r'))
        {
            text = text[1..];
        }

        return text.Length > 0 && text[0] == '+' ? text[1..] : text;
    }

    public static bool? YesNo(this XmlElementView element, ReadOnlySpan<char> name) => element.Flag(name, "yes", "no");

    public static bool? OnOff(this XmlElementView element, ReadOnlySpan<char> name) => element.Flag(name, "on", "off");

    /// <summary>The error of a word that is none of a closed set.</summary>
    public static LibvirtXmlException NoWord(this XmlElementView element, string name, ReadOnlySpan<char> word, string allowed) =>
        element.Error($"'{name}' is '{word}' and must be one of: {allowed}");

    private static bool? Flag(this XmlElementView element, ReadOnlySpan<char> name, string yes, string no)
    {
        return !element.TryAttribute(name, out var text) ? null
            : text.SequenceEqual(yes) ? true
            : text.SequenceEqual(no) ? false
            : throw element.Error($"'{name}' is '{text}' and must be '{yes}' or '{no}'");
    }
}
