using System.Globalization;
using System.Text;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>Typed reading, by libvirt's rules for values.</summary>
internal static class XmlElementViewValues
{
    /// <summary>The one child of that name; null when there is none.</summary>
    /// <exception cref="LibvirtXmlException">There are two: one of them would be lost.</exception>
    public static XmlElementView? Single(this XmlElementView element, ReadOnlySpan<char> name)
    {
        var tree = element.Tree;
        var text = tree.Text.AsSpan();
        var found = 0;
        var end = element.Entry.Next;
        for (var i = element.Index + 1; i < end; i = tree[i].Next)
        {
            ref readonly var child = ref tree[i];
            if (child.NameEnd - child.Start - 1 == name.Length && text.Slice(child.Start + 1, name.Length).SequenceEqual(name))
            {
                found = found == 0 ? i : throw new XmlElementView(tree, i).Error("is there twice; libvirt would take one and drop the other");
            }
        }

        return found == 0 ? null : new XmlElementView(tree, found);
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
    public static uint? Decimal(this XmlElementView element, ReadOnlySpan<char> name) =>
        !element.TryAttribute(name, out var text) ? null
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : throw element.Error($"'{name}' is '{text}' and must be a decimal number");

    /// <summary>The text of the one child of that name; null when there is none.</summary>
    public static string? Text(this XmlElementView element, ReadOnlySpan<char> name) => element.Single(name)?.Value;

    /// <summary>The decimal number in the one child of that name; null when there is none.</summary>
    public static uint? DecimalText(this XmlElementView element, ReadOnlySpan<char> name, uint most = uint.MaxValue) =>
        element.Single(name) is not { } child ? null
        : uint.TryParse(child.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most ? value
        : throw child.Error($"is '{child.Value}' and must be a decimal number of at most {most}");

    /// <summary>The number, base 0, in the one child of that name; null when there is none.</summary>
    public static uint? NumberText(this XmlElementView element, ReadOnlySpan<char> name, uint most = uint.MaxValue) =>
        element.Single(name) is not { } child ? null
        : TryNumber(child.Value, out var value) && value <= most ? value
        : throw child.Error($"is '{child.Value}' and must be a number from 0 to 0x{most:x}");

    public static bool TryNumber(ReadOnlySpan<char> text, out uint value)
    {
        var ok = TryLong(text, out var wide);
        value = ok && wide <= uint.MaxValue ? (uint)wide : 0;
        return ok && wide <= uint.MaxValue;
    }

    public static bool TryLong(ReadOnlySpan<char> text, out ulong value)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }

        if (text.Length < 2 || text[0] != '0')
        {
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        }

        value = 0;
        foreach (var digit in text)
        {
            if (digit is < '0' or > '7' || value >> 61 != 0)
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    public static bool? YesNo(this XmlElementView element, ReadOnlySpan<char> name) => element.Flag(name, "yes", "no");

    public static bool? OnOff(this XmlElementView element, ReadOnlySpan<char> name) => element.Flag(name, "on", "off");

    /// <summary>One of a closed set of words; null when the attribute is absent.</summary>
    public static T? Word<T>(this XmlElementView element, ReadOnlySpan<char> name, ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        if (!element.TryAttribute(name, out var text))
        {
            return null;
        }

        foreach (var (word, value) in words)
        {
            if (text.SequenceEqual(word))
            {
                return value;
            }
        }

        var allowed = new StringBuilder();
        foreach (var (word, _) in words)
        {
            allowed.Append(allowed.Length == 0 ? string.Empty : ", ").Append(word);
        }

        throw element.Error($"'{name}' is '{text}' and must be one of: {allowed}");
    }

    private static bool? Flag(this XmlElementView element, ReadOnlySpan<char> name, string yes, string no)
    {
        return !element.TryAttribute(name, out var text) ? null
            : text.SequenceEqual(yes) ? true
            : text.SequenceEqual(no) ? false
            : throw element.Error($"'{name}' is '{text}' and must be '{yes}' or '{no}'");
    }
}
