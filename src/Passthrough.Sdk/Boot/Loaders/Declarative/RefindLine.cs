using System.Text;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>A parsed line of rEFInd's files: words, and texts in double quotes in which <c>""</c> is a quote.</summary>
/// <remarks>rEFInd, config.c, ReadTokenLine: blanks, <c>=</c> and <c>,</c> part words outside of quotes; <c>#</c> begins a comment.</remarks>
internal static class RefindLine
{
    /// <summary>One word.</summary>
    /// <param name="Start">The offset of the text within the quotes, or of the word, in the file.</param>
    /// <param name="Length">Its length in the file.</param>
    /// <param name="Value">Its value.</param>
    /// <param name="IsQuoted">Whether it is in quotes.</param>
    internal readonly record struct Word(int Start, int Length, string Value, bool IsQuoted)
    {
        /// <summary>A value as it is written within quotes.</summary>
        public static string Write(string value) => value.Replace("\"", "\"\"", StringComparison.Ordinal);
    }

    /// <summary>The lines that are not empty: number, text and words.</summary>
    public static IEnumerable<(int Number, string Text, List<Word> Words)> Lines(string text)
    {
        var number = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            number++;
            var words = Words(text, at, end);
            if (words.Count > 0)
            {
                yield return (number, text[at..end].TrimEnd('\r'), words);
            }

            at = end + 1;
        }
    }

    private static List<Word> Words(string text, int at, int end)
    {
        var words = new List<Word>();
        while (true)
        {
            while (at < end && text[at] is ' ' or '\t' or '=' or ',' or '\r')
            {
                at++;
            }

            if (at >= end || text[at] == '#')
            {
                return words;
            }

            var quoted = text[at] == '"';
            var start = quoted ? ++at : at;
            var value = new StringBuilder();
            var closed = false;
            while (at < end)
            {
                if (quoted && text[at] == '"')
                {
                    if (at + 1 >= end || text[at + 1] != '"')
                    {
                        closed = true;
                        break;
                    }

                    at++;
                }
                else if (!quoted && text[at] is ' ' or '\t' or '=' or ',' or '\r' or '#')
                {
                    break;
                }

                value.Append(text[at++]);
            }

            words.Add(new Word(start, at - start, value.ToString(), quoted && closed));
            at += closed ? 1 : 0;
        }
    }
}
