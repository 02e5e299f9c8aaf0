using System.Globalization;
using System.Text;
using Passthrough.Sdk.Explain.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain.Translations;

/// <summary>A translated message with its English one: fixed words, with the values of a program between them.</summary>
/// <remarks>The formats are printf's: <c>%s</c>, <c>%1$s</c>, <c>%02x</c>, <c>%'llu</c>, <c>%.*s</c>, <c>%%</c>. Thread safety: immutable.</remarks>
internal sealed class TranslatedMessage
{
    private const int FewestLetters = 3;
    private readonly ValueList<string> _words;
    private readonly ValueList<int> _arguments;
    private readonly string _english;
    private readonly int _letters;

    private TranslatedMessage(ValueList<string> words, ValueList<int> arguments, string english, int letters, string source)
    {
        (_words, _arguments, _english, _letters, Source) = (words, arguments, english, letters, source);
    }

    /// <summary>Gets the catalogue that it comes from.</summary>
    public string Source { get; }

    /// <summary>Gets the English message with its formats.</summary>
    public string EnglishFormat => _english;

    /// <summary>Gets how many letters of the text it explains: more letters make a match more certain.</summary>
    public int Letters => _letters;

    /// <summary>Reads a pair; returns null if the translation has too few letters to be recognised reliably.</summary>
    /// <param name="translation">The translation, one line of it.</param>
    /// <param name="english">The English message, the same line of it.</param>
    /// <param name="source">The catalogue.</param>
    public static TranslatedMessage? Read(string translation, string english, string source)
    {
        var (words, arguments) = Take(translation);
        var letters = 0;
        foreach (var word in words)
        {
            foreach (var sign in word)
            {
                letters += char.IsLetter(sign) ? sign >= '\u2e80' ? 2 : 1 : CharUnicodeInfo.GetUnicodeCategory(sign) is UnicodeCategory.SpacingCombiningMark or UnicodeCategory.NonSpacingMark ? 1 : 0;
            }
        }

        return letters < FewestLetters ? null : new(words, arguments, english, letters, source);
    }

    /// <summary>Searches a line for the message.</summary>
    /// <param name="line">The line.</param>
    /// <param name="from">The index at which the search begins.</param>
    /// <param name="start">The position where the message begins, in <see cref="MessageKey.Key"/>.</param>
    /// <param name="end">The index at which the match ends.</param>
    /// <param name="values">The values, by their number.</param>
    public bool Match(MessageKey line, int from, out int start, out int end, out ValueList<(int Begin, int End, int Number)> values)
    {
        var key = line.Key;
        var found = new List<(int, int, int)>(_arguments.Count);
        (start, end, values) = (0, 0, []);
        var at = from;
        for (var i = 0; i < _words.Count; i++)
        {
            var word = _words[i];
            int place;
            if (i == 0)
            {
                place = word.Length == 0 ? at : IndexOfWhole(key, word, at);
                start = place;
            }
            else
            {
                place = word.Length == 0 ? (i == _words.Count - 1 ? key.Length : at) : key.IndexOf(word, at, StringComparison.Ordinal);
                found.Add((at, place, _arguments[i - 1]));
            }

            if (place < 0)
            {
                return false;
            }

            if (i == 1 && _words[0].Length == 0 && key.AsSpan(from, place - from).LastIndexOf(": ") is >= 0 and var colon)
            {
                // The message begins with a value: the text before a colon is not part of it.
                start = from + colon + 2;
                found[0] = (start, place, _arguments[0]);
            }

            at = place + word.Length;
        }

        end = at;
        values = found.ToValueList();
        return end > start;
    }

    /// <summary>Returns the English message with values inserted.</summary>
    /// <param name="values">The values by their number, from 1.</param>
    public string English(IReadOnlyDictionary<int, string> values)
    {
        var text = new StringBuilder();
        var next = 1;
        for (var rest = _english.AsSpan(); !rest.IsEmpty;)
        {
            var percent = rest.IndexOf('%');
            text.Append(percent < 0 ? rest : rest[..percent]);
            if (percent < 0)
            {
                break;
            }

            rest = rest[percent..];
            var length = FormatLength(rest, ref next, out var number);
            text.Append(number == 0 ? "%" : values.TryGetValue(number, out var value) ? value : "");
            rest = rest[length..];
        }

        return text.ToString();
    }

    // A word of letters inside another word is not that word; scripts without spaces have no such boundaries.
    private static int IndexOfWhole(string key, string word, int from)
    {
        for (var at = from; key.IndexOf(word, at, StringComparison.Ordinal) is >= 0 and var place; at = place + 1)
        {
            if (place == 0 || !char.IsLetter(word[0]) || word[0] >= '\u2e80' || !char.IsLetter(key[place - 1]) || key[place - 1] >= '\u2e80')
            {
                return place;
            }
        }

        return -1;
    }

    private static (ValueList<string> Words, ValueList<int> Arguments) Take(string format)
    {
        var words = new List<string>();
        var arguments = new List<int>();
        var word = new StringBuilder();
        var next = 1;
        for (var rest = CleanText.Of(format).AsSpan(); !rest.IsEmpty;)
        {
            if (rest[0] != '%')
            {
                word.Append(rest[0]);
                rest = rest[1..];
                continue;
            }

            var length = FormatLength(rest, ref next, out var number);
            rest = rest[length..];
            if (number == 0)
            {
                word.Append('%');
                continue;
            }

            words.Add(MessageKey.WordsOf(word.ToString()));
            arguments.Add(number);
            word.Clear();
        }

        words.Add(MessageKey.WordsOf(word.ToString()));
        return (words.ToValueList(), arguments.ToValueList());
    }

    /// <summary>Returns the length of a conversion, and which argument it takes; 0 for none, as in <c>%%</c>.</summary>
    private static int FormatLength(ReadOnlySpan<char> text, ref int next, out int number)
    {
        var at = 1;
        var digits = at;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        number = 0;
        if (digits > at && digits < text.Length && text[digits] == '$')
        {
            number = int.TryParse(text[at..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var named) && named < 100 ? named : 99;
            at = digits + 1;
        }

        while (at < text.Length && text[at] is '-' or '+' or ' ' or '#' or '0' or '\'' or 'I' or '.' or '*' or (>= '1' and <= '9') or 'h' or 'l' or 'L' or 'q' or 'j' or 'z' or 't')
        {
            // "%.*s": the length is an argument too.
            next += text[at] == '*' && number == 0 ? 1 : 0;
            at++;
        }

        if (at >= text.Length || !char.IsAsciiLetter(text[at]))
        {
            // "%%", or a percent sign without a meaning.
            number = 0;
            return at < text.Length && text[at] == '%' ? at + 1 : 1;
        }

        number = number == 0 ? next++ : number;
        return at + 1;
    }
}
