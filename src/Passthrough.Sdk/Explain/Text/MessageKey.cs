using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain.Text;

/// <summary>
/// What patterns compare of a line: upper case, without quotes, with single spaces. It is the one place that decides which
/// differences between two printed forms of a message do not count.
/// </summary>
/// <remarks>Words of templates and lines are made by the same rules. Thread safety: immutable.</remarks>
internal sealed class MessageKey
{
    private const int GramLength = 4;
    private const int GramBits = 1 << 13;

    private readonly int[] _places;
    private readonly ulong[] _grams = new ulong[GramBits / 64];

    private MessageKey(string line, string key, int[] places)
    {
        (Line, Key) = (line, key);
        _places = places;
        for (var i = 0; i + GramLength <= key.Length; i++)
        {
            var gram = GramAt(key, i);
            _grams[gram >> 6] |= 1UL << (gram & 63);
        }
    }

    /// <summary>The line, plain (<see cref="CleanText"/>).</summary>
    public string Line { get; }

    /// <summary>The text that is compared.</summary>
    public string Key { get; }

    /// <summary>The offset of the message itself in <see cref="Key"/>, after times, programs and drivers; computed on demand.</summary>
    public int BareStart { get => field >= 0 ? field : field = KeyIndexOf(LinePrefix.BareStart(Line)); } = -1;

    /// <summary>Groups of signs that a line must have to have some words: a line is asked for them before the words are searched.</summary>
    public static ValueList<int> GramsOf(string words) =>
        words.Length < GramLength ? [] : [.. new[] { 0, words.Length / 2, words.Length - GramLength }.Select(at => GramAt(words, Math.Min(at, words.Length - GramLength))).Distinct()];

    /// <summary>Whether the line can have words with such a group of signs.</summary>
    public bool CanHave(int gram) => (_grams[gram >> 6] & (1UL << (gram & 63))) != 0;

    /// <summary>The key of a line.</summary>
    /// <param name="line">A plain line.</param>
    public static MessageKey Of(string line)
    {
        var places = new int[line.Length];
        var key = string.Create(line.Length, (line, places), static (signs, state) =>
        {
            var count = 0;
            var text = state.line;
            for (var i = 0; i < text.Length; i++)
            {
                if (IsDropped(text, i) || (text[i] == ' ' && count > 0 && signs[count - 1] == ' '))
                {
                    continue;
                }

                signs[count] = Fold(text[i]);
                state.places[count++] = i;
            }

            signs[count..].Clear();
        });
        var length = key.AsSpan().IndexOf('\0') is >= 0 and var end ? end : key.Length;
        return new(line, length == key.Length ? key : key[..length], places);
    }

    /// <summary>The words of a template as they are compared.</summary>
    public static string WordsOf(string template)
    {
        var plain = new System.Text.StringBuilder(template.Length);
        for (var i = 0; i < template.Length; i++)
        {
            if (!IsDropped(template, i) && !(template[i] == ' ' && plain.Length > 0 && plain[^1] == ' '))
            {
                plain.Append(Fold(template[i]));
            }
        }

        return plain.ToString();
    }

    /// <summary>Returns the text of the line between two positions of the key; a quote that was opened before ends it.</summary>
    /// <param name="start">The first place.</param>
    /// <param name="end">The place after the last.</param>
    /// <param name="isQuoted">Whether the message has the value in quotes.</param>
    public string Original(int start, int end, bool isQuoted)
    {
        while (start < end && Key[start] == ' ')
        {
            start++;
        }

        if (start >= end)
        {
            return "";
        }

        var from = _places[start];
        var text = Line.AsSpan(from, _places[end - 1] + 1 - from);
        if (isQuoted && from > 0 && CleanText.IsQuote(Line[from - 1]) && text.IndexOf(Line[from - 1]) is > 0 and var close)
        {
            text = text[..close];
        }

        return text.Trim().Trim('\'').Trim('"').ToString();
    }

    /// <summary>Returns the position in the line of a position of the key.</summary>
    public int PlaceOf(int index) => index < Key.Length ? _places[index] : Line.Length;

    /// <summary>Returns the position in the line after the text that ends before a position of the key.</summary>
    public int PlaceAfter(int index) => index == 0 ? 0 : _places[index - 1] + 1;

    private static int GramAt(string key, int at) =>
        (int)(unchecked(((key[at] * 0x9e3779b1u) + (key[at + 1] * 0x85ebca77u) + (key[at + 2] * 0xc2b2ae3du)) ^ (key[at + 3] * 0x27d4eb2fu)) >> 19);

    // The text may hold NUL, which marks the end here: it is a space then.
    private static char Fold(char sign) => sign == '\0' ? ' ' : char.ToUpperInvariant(sign);

    private static bool IsDropped(string text, int at) =>
        CleanText.IsQuote(text[at]) || text[at] is '\u200c' or '\u200d' || (text[at] == '\\' && at + 1 < text.Length && CleanText.IsQuote(text[at + 1]));

    private int KeyIndexOf(int place)
    {
        var index = Array.BinarySearch(_places, 0, Key.Length, place);
        return index >= 0 ? index : ~index;
    }
}
