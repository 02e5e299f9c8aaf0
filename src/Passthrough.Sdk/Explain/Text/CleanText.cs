using System.Globalization;
using System.Text;

namespace Passthrough.Sdk.Explain.Text;

/// <summary>Makes a printed line plain: no escape sequences of terminals, no entities of web pages, one kind of quote, dash and space.</summary>
/// <remarks>The same message reaches us through terminals, browsers, mail and chats, and each of them changes signs. Thread safety: pure.</remarks>
internal static class CleanText
{
    private static readonly (string Entity, char Sign)[] Entities =
        [("&quot;", '"'), ("&#34;", '"'), ("&apos;", '\''), ("&#39;", '\''), ("&#x27;", '\''), ("&lt;", '<'), ("&gt;", '>'), ("&nbsp;", ' '), ("&amp;", '&')];

    /// <summary>The line in plain signs, trimmed.</summary>
    public static string Of(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        if (!line.ContainsAnyExceptInRange(' ', '~') && line.IndexOfAny('`', '&') < 0)
        {
            return line.ToString();
        }

        var plain = new StringBuilder(line.Length);
        var isInside = false;

        // Danish and German turn them round: there a space before is not inside.
        var isTurned = line.IndexOf('\u00bb') is >= 0 and var turned && line.IndexOf('\u00ab') is var usual && (usual < 0 || turned < usual);
        for (var i = 0; i < line.Length; i++)
        {
            var sign = line[i];
            if (sign == '\x1b')
            {
                i += EscapeLength(line[i..]) - 1;
            }
            else if (sign == '&' && EntityAt(line[i..]) is { Entity: not null } entity)
            {
                plain.Append(entity.Sign);
                i += entity.Entity.Length - 1;
            }
            else if (!isTurned && (sign is '\u00ab' or '\u2039') && i + 1 < line.Length && char.IsWhiteSpace(line[i + 1]))
            {
                // French has a space inside of its quotes.
                isInside = true;
                plain.Append('\'');
                i++;
            }
            else if (isInside && char.IsWhiteSpace(sign) && i + 1 < line.Length && line[i + 1] is '\u00bb' or '\u203a')
            {
                isInside = false;
            }
            else
            {
                Append(plain, sign);
            }
        }

        return plain.ToString().Trim();
    }

    /// <summary>Whether a sign is a quotation mark of any language, or stands for one.</summary>
    public static bool IsQuote(char sign) => sign is '\'' or '"' or '`' or '\u00b4' or '\u00ab' or '\u00bb' or (>= '\u2018' and <= '\u201f') or '\u2032' or '\u2033'
        or '\u2039' or '\u203a' or '\u02bc' or '\u02b9' or (>= '\u3008' and <= '\u300f') or (>= '\u301d' and <= '\u301f') or (>= '\ufe41' and <= '\ufe44') or '\uff02' or '\uff07';

    private static void Append(StringBuilder plain, char sign)
    {
        switch (sign)
        {
            case '"' or '\uff02' or '\u201c' or '\u201d' or '\u201e' or '\u201f' or '\u2033':
                plain.Append('"');
                break;
            case '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' or '\ufe63' or '\uff0d':
                plain.Append('-');
                break;
            case '\u2026':
                plain.Append("...");
                break;
            case '\u00ad' or '\ufeff' or '\u200b' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or '\u2060' or (>= '\u2066' and <= '\u2069'):
                // Signs that are not seen: soft hyphens, directions, a mark of byte order.
                break;
            case >= '\uff01' and <= '\uff5e' when sign is not ('\uff07' or '\uff0d'):
                // Forms of full width stand for the plain sign; a colon of Chinese and Japanese has its space inside.
                plain.Append((char)(sign - 0xfee0));
                break;
            default:
                plain.Append(IsQuote(sign) ? '\'' : char.IsWhiteSpace(sign) || CharUnicodeInfo.GetUnicodeCategory(sign) == UnicodeCategory.Control ? ' ' : sign);
                break;
        }
    }

    // "ESC [ 31 m", "ESC ] 0 ; title BEL": colours and titles of terminals.
    private static int EscapeLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2)
        {
            return 1;
        }

        if (text[1] == '[')
        {
            var end = text[2..].IndexOfAnyInRange('@', '~');
            return end < 0 ? 2 : end + 3;
        }

        if (text[1] == ']')
        {
            var end = text[2..].IndexOf('\a');
            return end < 0 ? 2 : end + 3;
        }

        return 2;
    }

    private static (string? Entity, char Sign) EntityAt(ReadOnlySpan<char> text)
    {
        foreach (var entity in Entities)
        {
            if (text.StartsWith(entity.Entity, StringComparison.OrdinalIgnoreCase))
            {
                return entity;
            }
        }

        return default;
    }
}
