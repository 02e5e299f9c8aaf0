namespace Passthrough.Sdk.Boot.Shell;

/// <summary>Finds the end of an expansion without evaluating it.</summary>
internal static class ShellExpansion
{
    /// <summary>The name in <c>$NAME</c> or <c>${NAME}</c>; null if there is something else.</summary>
    public static string? SimpleName(string text, int at, out int end)
    {
        end = at;
        if (text[at] != '$')
        {
            return null;
        }

        var brace = at + 1 < text.Length && text[at + 1] == '{';
        var start = at + (brace ? 2 : 1);
        var stop = start;
        while (stop < text.Length && IsNameChar(text[stop], stop == start))
        {
            stop++;
        }

        if (stop == start || (brace && (stop >= text.Length || text[stop] != '}')))
        {
            return null;
        }

        end = brace ? stop + 1 : stop;
        return text[start..stop];
    }

    public static bool IsNameChar(char c, bool first) => c is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') || (!first && char.IsAsciiDigit(c));

    /// <summary>Returns the offset behind an expansion whose value has to be computed.</summary>
    /// <param name="text">The file.</param>
    /// <param name="at">The index of <c>$</c> or of a backquote.</param>
    /// <param name="reason">The kind of value that is computed there; null if the <c>$</c> is an ordinary character.</param>
    public static int End(string text, int at, out string? reason)
    {
        if (text[at] == '`')
        {
            reason = "the output of a command";
            return Backquoted(text, at);
        }

        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (next)
        {
            case '(':
                reason = at + 2 < text.Length && text[at + 2] == '(' ? "arithmetic" : "the output of a command";
                return Parenthesised(text, at + 1);
            case '{':
                reason = "a value that the shell computes";
                return Braced(text, at + 1);
            case '@' or '*' or '#' or '?' or '-' or '$' or '!' or (>= '0' and <= '9'):
                reason = "a parameter of the shell itself";
                return at + 2;
            case '\\' when at + 2 < text.Length && text[at + 2] == '\n':
                throw new ShellSyntaxException(at, "an expansion contains a line break");
            default:
                reason = null;
                return at + 1;
        }
    }

    private static int Backquoted(string text, int at)
    {
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '`')
            {
                return i + 1;
            }
        }

        throw new ShellSyntaxException(at, "the backquote is never closed");
    }

    private static int Braced(string text, int open)
    {
        var end = Nested(text, open, '{', '}');
        var name = open + 1;
        while (IsNameChar(text[name], name == open + 1))
        {
            name++;
        }

        if (text[name] == '?' || (text[name] == ':' && text[name + 1] == '?'))
        {
            throw new ShellSyntaxException(open, "the shell stops here if the variable is not set");
        }

        return text.AsSpan(open, end - open).ContainsAny('\'', '"', '\\')
            ? throw new ShellSyntaxException(open, "an expansion contains quotes")
            : end;
    }

    private static int Parenthesised(string text, int open)
    {
        var end = Nested(text, open, '(', ')');
        var inside = text.AsSpan(open, end - open);
        if (inside.Contains("case", StringComparison.Ordinal) || inside.Contains("<<", StringComparison.Ordinal))
        {
            throw new ShellSyntaxException(open, "the end of the command cannot be determined");
        }

        return end;
    }

    private static int Nested(string text, int open, char opens, char closes)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\')
            {
                i++;
            }
            else if (c == '\'')
            {
                i = SkipSingle(text, i);
            }
            else if (c == '"')
            {
                i = SkipDouble(text, i) - 1;
            }
            else if (c == '`')
            {
                i = Backquoted(text, i) - 1;
            }
            else if (c == '#' && opens == '(' && i > open && char.IsWhiteSpace(text[i - 1]))
            {
                throw new ShellSyntaxException(i, "a command contains a comment");
            }
            else if (c == opens)
            {
                depth++;
            }
            else if (c == closes && --depth == 0)
            {
                return i + 1;
            }
        }

        throw new ShellSyntaxException(open, $"the {opens} is never closed");
    }

    private static int SkipSingle(string text, int at)
    {
        var end = text.IndexOf('\'', at + 1);
        return end < 0 ? throw new ShellSyntaxException(at, "the quote is never closed") : end;
    }

    /// <summary>The offset behind a double-quoted part.</summary>
    public static int SkipDouble(string text, int at)
    {
        for (var i = at + 1; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\')
            {
                i++;
            }
            else if (c == '"')
            {
                return i + 1;
            }
            else if (c is '$' or '`')
            {
                i = End(text, i, out _) - 1;
            }
        }

        throw new ShellSyntaxException(at, "the quote is never closed");
    }
}
