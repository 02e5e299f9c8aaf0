using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Passthrough.Sdk.Explain;

/// <summary>
/// The fixed words of a message with names for what varies between them: <c>group {group} is not viable</c>. It is looked for
/// anywhere in a line, case aside, and fits where its words stand in their order.
/// </summary>
/// <remarks>
/// No regular expression: each word is searched once, from where the one before ended, so that no input takes longer than its
/// length allows. Thread safety: immutable.
/// </remarks>
internal sealed class MessageTemplate
{
    private readonly ImmutableArray<string> _words;
    private readonly ImmutableArray<string> _names;

    /// <param name="template">Words and names in braces; a name stands between two words, or at the end, and then for the rest of the line.</param>
    public MessageTemplate(string template)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var names = ImmutableArray.CreateBuilder<string>();
        var rest = template.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            var close = rest.IndexOf('}');
            words.Add(rest[..open].ToString());
            names.Add(rest[(open + 1)..close].ToString());
            rest = rest[(close + 1)..];
        }

        words.Add(rest.ToString());
        _words = words.ToImmutable();
        _names = names.ToImmutable();
    }

    /// <summary>Looks for the template in a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="start">Where its first words begin.</param>
    /// <returns>What stands for the names, trimmed; null when it does not fit.</returns>
    public FrozenDictionary<string, string>? Match(string line, out int start)
    {
        start = 0;
        List<KeyValuePair<string, string>>? captures = null;
        var at = 0;
        for (var i = 0; i < _words.Length; i++)
        {
            var word = _words[i];
            var found = word.Length == 0 ? (i == 0 ? at : line.Length) : line.IndexOf(word, at, StringComparison.OrdinalIgnoreCase);
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
                (captures ??= []).Add(new(_names[i - 1], line[at..found].Trim().Trim('\'', '"')));
            }

            at = found + word.Length;
        }

        return captures is null ? FrozenDictionary<string, string>.Empty : captures.DistinctBy(pair => pair.Key).ToFrozenDictionary();
    }
}
