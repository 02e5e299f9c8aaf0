using System.Text;

namespace Passthrough.Sdk.Boot.Shell;

/// <summary>Writes text so that a shell reads it as it is.</summary>
internal static class ShellQuoting
{
    /// <summary>The text as it has to be written within a kind of quotes.</summary>
    public static string Write(string text, ShellQuote within)
    {
        switch (within)
        {
            case ShellQuote.Double:
                return Escape(text);
            case ShellQuote.Single:
                return text.Replace("'", "'\\''", StringComparison.Ordinal);
            default:
                return IsSafe(text) ? text : $"\"{Escape(text)}\"";
        }
    }

    /// <summary>Puts a parameter at the end of the word of an assignment, in the word's own way of quoting.</summary>
    public static string AppendTo(string source, ShellWord word, string parameter)
    {
        // A reference to an empty variable is no empty word: what follows must not become part of its name.
        var empty = word.Chars.Count == 0 && word.Uncertain is null && source[word.Start..word.End] is "" or "\"\"" or "''";
        var addition = empty ? parameter : " " + parameter;
        if (word.ClosedBy is ShellQuote.Double or ShellQuote.Single)
        {
            return source.Insert(word.End - 1, Write(addition, word.ClosedBy));
        }

        if (!word.IsPlain)
        {
            return source.Insert(word.End, $"\"{Escape(addition)}\"");
        }

        var raw = source[word.Start..word.End];
        return string.Concat(source.AsSpan(0, word.Start), $"\"{raw}{Escape(addition)}\"", source.AsSpan(word.End));
    }

    private static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '$' or '`' or '"' or '\\')
            {
                result.Append('\\');
            }

            result.Append(c);
        }

        return result.ToString();
    }

    private static bool IsSafe(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ',' or ':' or '=' or '/' or '+' or '@' or '%');
}
