using System.Text;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>Between what stands in the text and what it means: references, line ends, white space, CDATA.</summary>
internal static class XmlText
{
    /// <summary>Reads the reference at the start of <paramref name="s"/>.</summary>
    /// <returns>Its length, or 0 if it is none.</returns>
    public static int Reference(ReadOnlySpan<char> s, out Rune value)
    {
        value = default;
        var end = s[..Math.Min(s.Length, 32)].IndexOf(';');
        if (end < 2)
        {
            return 0;
        }

        var name = s[1..end];
        if (name[0] != '#')
        {
            value = new Rune(name switch { "lt" => '<', "gt" => '>', "amp" => '&', "quot" => '"', "apos" => '\'', _ => '\0' });
            return value.Value == 0 ? 0 : end + 1;
        }

        if (!TryCode(name[1..], out var code) || code is 0xfffe or 0xffff or (< 0x20 and not (9 or 10 or 13)) || !Rune.TryCreate(code, out value))
        {
            return 0;
        }

        return end + 1;
    }

    /// <summary>Reads <c>10</c> or <c>xa</c>, digits only: .NET's own parser takes NUL characters behind them.</summary>
    private static bool TryCode(ReadOnlySpan<char> text, out uint code)
    {
        code = 0;
        var radix = text.StartsWith('x') ? 16u : 10u;
        var digits = radix == 16 ? text[1..] : text;
        foreach (var c in digits)
        {
            var digit = Hexadecimal.Digit(c);
            if (digit >= radix || code > 0x10ffff)
            {
                return false;
            }

            code = (code * radix) + digit;
        }

        return !digits.IsEmpty;
    }

    /// <summary>The value of an attribute: references resolved, white space made spaces.</summary>
    public static string DecodeAttribute(ReadOnlySpan<char> raw)
    {
        if (raw.IndexOfAny("&\t\n\r") < 0)
        {
            return raw.ToString();
        }

        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            switch (raw[i])
            {
                case '&':
                    i += Append(text, raw[i..]) - 1;
                    break;
                case '\r':
                    text.Append(' ');
                    i += i + 1 < raw.Length && raw[i + 1] == '\n' ? 1 : 0;
                    break;
                case '\t' or '\n':
                    text.Append(' ');
                    break;
                default:
                    text.Append(raw[i]);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>The text directly inside an element, without that of its children: references and CDATA resolved, line ends made <c>\n</c>.</summary>
    public static string DecodeContent(ReadOnlySpan<char> raw)
    {
        if (raw.IndexOfAny("<&\r") < 0)
        {
            return raw.ToString();
        }

        var text = new StringBuilder(raw.Length);
        var depth = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            var rest = raw[i..];
            if (rest[0] == '<')
            {
                i += Skip(rest, text, ref depth) - 1;
            }
            else if (depth > 0)
            {
                continue;
            }
            else if (rest[0] == '&')
            {
                i += Append(text, rest) - 1;
            }
            else
            {
                AppendLines(text, rest[..1], rest.Length > 1 ? rest[1] : '\0');
            }
        }

        return text.ToString();
    }

    private static int Skip(ReadOnlySpan<char> markup, StringBuilder text, ref int depth)
    {
        if (markup.StartsWith("<![CDATA["))
        {
            var end = markup.IndexOf("]]>");
            for (var i = 9; depth == 0 && i < end; i++)
            {
                AppendLines(text, markup.Slice(i, 1), markup[i + 1]);
            }

            return end + 3;
        }

        if (markup.StartsWith("<!--"))
        {
            return markup.IndexOf("-->") + 3;
        }

        if (markup.StartsWith("<?"))
        {
            return markup.IndexOf("?>") + 2;
        }

        var quote = '\0';
        var at = 1;
        for (; quote != 0 || markup[at] != '>'; at++)
        {
            quote = quote == 0 && markup[at] is '"' or '\'' ? markup[at] : markup[at] == quote ? '\0' : quote;
        }

        depth += markup[1] == '/' ? -1 : markup[at - 1] == '/' ? 0 : 1;
        return at + 1;
    }

    private static void AppendLines(StringBuilder text, ReadOnlySpan<char> c, char next)
    {
        if (c[0] != '\r')
        {
            text.Append(c);
        }
        else if (next != '\n')
        {
            text.Append('\n');
        }
    }

    private static int Append(StringBuilder text, ReadOnlySpan<char> s)
    {
        var length = Reference(s, out var rune);
        Span<char> chars = stackalloc char[2];
        text.Append(chars[..rune.EncodeToUtf16(chars)]);
        return length;
    }
}
