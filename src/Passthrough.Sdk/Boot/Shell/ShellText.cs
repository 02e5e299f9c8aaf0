namespace Passthrough.Sdk.Boot.Shell;

/// <summary>Steps over words and blanks of a shell script.</summary>
internal static class ShellText
{
    /// <summary>Returns the names that could be variables in a text.</summary>
    public static IEnumerable<string> Names(ReadOnlySpan<char> text)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && ShellExpansion.IsNameChar(text[end], end == i))
            {
                end++;
            }

            if (end > i)
            {
                names.Add(text[i..end].ToString());
            }

            i = Math.Max(end, i + 1);
        }

        return names;
    }

    /// <summary>Returns a text with its continued lines joined.</summary>
    public static string WithoutContinuations(string text) => text.Replace("\\\n", "", StringComparison.Ordinal);

    /// <summary>Returns the offset of the next character that is not a blank, also on a continued line.</summary>
    public static int SkipBlanks(string text, int at)
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t')
            {
                at++;
            }
            else if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '\n')
            {
                at += 2;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    /// <summary>Returns the offset behind a word, without expanding it.</summary>
    public static int SkipWord(string text, int at, out bool plain)
    {
        plain = true;
        while (at < text.Length && !ShellWordReader.IsMeta(text[at]))
        {
            var c = text[at];
            if (c == '\0')
            {
                throw new ShellSyntaxException(at, "a NUL byte");
            }

            plain &= c is not ('\'' or '"' or '\\' or '$' or '`');
            at = c switch
            {
                '\\' => Math.Min(at + 2, text.Length),
                '\'' => text.IndexOf('\'', at + 1) is >= 0 and int end ? end + 1 : throw new ShellSyntaxException(at, "the quote is never closed"),
                '"' => ShellExpansion.SkipDouble(text, at),
                '$' when at + 1 < text.Length && text[at + 1] is '\'' or '"' => throw new ShellSyntaxException(at, "shells disagree about $ before a quote"),
                '$' or '`' => ShellExpansion.End(text, at, out _),
                _ => at + 1,
            };
        }

        return at;
    }
}
