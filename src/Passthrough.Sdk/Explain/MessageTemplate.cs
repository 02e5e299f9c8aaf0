using System.Collections.Frozen;
using Passthrough.Sdk.Explain.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain;

/// <summary>
/// The fixed words of a message, with names for the parts that vary: <c>group {group} is not viable</c>. It is searched for
/// anywhere in a line, ignoring case and quotes, and matches if its words occur in their order. A template that begins with
/// <c>^</c> matches only at the beginning of the message itself, after times, programs and drivers.
/// </summary>
/// <remarks>
/// It uses no regular expression: each word is searched once, from the end of the one before, so the time depends only on the
/// length of the input. Thread safety: immutable.
/// </remarks>
internal sealed class MessageTemplate
{
    private const int MostTries = 8;
    private readonly ValueList<string> _words;
    private readonly ValueList<string> _names;
    private readonly ValueList<bool> _quoted;
    private readonly ValueList<int> _grams;
    private readonly bool _isAnchored;

    /// <param name="template">Words and names in braces; a name is between two words, or at the end, where it takes the rest of
    /// the line.</param>
    public MessageTemplate(string template)
    {
        Source = template;
        var words = new List<string>();
        var names = new List<string>();
        var quoted = new List<bool>();
        _isAnchored = template.StartsWith('^');
        var rest = _isAnchored ? template.AsSpan(1) : template;
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            var close = rest.IndexOf('}');
            words.Add(MessageKey.WordsOf(rest[..open].ToString()));
            names.Add(rest[(open + 1)..close].ToString());
            quoted.Add(open > 0 && CleanText.IsQuote(rest[open - 1]));
            rest = rest[(close + 1)..];
        }

        words.Add(MessageKey.WordsOf(rest.ToString()));
        _words = words.ToValueList();
        _grams = MessageKey.GramsOf(_words.MaxBy(word => word.Length)!);
        _names = names.ToValueList();
        _quoted = quoted.ToValueList();
    }

    /// <summary>Gets the template as written in the table.</summary>
    public string Source { get; }

    /// <summary>Searches a line for the template.</summary>
    /// <param name="line">The line.</param>
    /// <param name="start">The position of its first words, in <see cref="MessageKey.Key"/>.</param>
    /// <returns>The values of the names, trimmed; null if it does not match.</returns>
    public FrozenDictionary<string, string>? Match(MessageKey line, out int start)
    {
        start = 0;
        foreach (var gram in _grams)
        {
            if (!line.CanHave(gram))
            {
                return null;
            }
        }

        for (var (from, tries) = (0, 0); tries < MostTries; tries++)
        {
            if (Match(line, from, out start, out var isSplit) is { } captures)
            {
                return captures;
            }

            // What must be one word was several: its first words may occur again later.
            if (!isSplit)
            {
                return null;
            }

            from = start + 1;
        }

        return null;
    }

    private FrozenDictionary<string, string>? Match(MessageKey line, int from, out int start, out bool isSplit)
    {
        start = 0;
        isSplit = false;
        var key = line.Key;
        Span<int> ends = stackalloc int[_names.Count];
        Span<int> begins = stackalloc int[_names.Count];
        var at = Math.Min(from, key.Length);
        for (var i = 0; i < _words.Count; i++)
        {
            var word = _words[i];
            int found;
            if (i == 0 && _isAnchored)
            {
                found = from == 0 && key.AsSpan(line.BareStart).StartsWith(word, StringComparison.Ordinal) ? line.BareStart : -1;
            }
            else
            {
                found = word.Length == 0 ? (i == 0 ? at : key.Length) : key.IndexOf(word, at, StringComparison.Ordinal);
            }

            if (found < 0)
            {
                return null;
            }

            if (i == 0)
            {
                start = found;
            }
            else
            {
                (begins[i - 1], ends[i - 1]) = (at, found);
                if (_names[i - 1] is "arch" or "variant" or "word" && key.AsSpan(at, found - at).IndexOfAny(' ', ',', ':') >= 0)
                {
                    isSplit = true;
                    return null;
                }
            }

            at = found + word.Length;
        }

        return _names.IsEmpty ? FrozenDictionary<string, string>.Empty : Captures(line, begins, ends);
    }

    private FrozenDictionary<string, string> Captures(MessageKey line, ReadOnlySpan<int> begins, ReadOnlySpan<int> ends)
    {
        var captures = new Dictionary<string, string>(_names.Count, StringComparer.Ordinal);
        for (var i = 0; i < _names.Count; i++)
        {
            captures.TryAdd(_names[i], line.Original(begins[i], ends[i], _quoted[i]));
        }

        return captures.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override string ToString() => Source;
}
