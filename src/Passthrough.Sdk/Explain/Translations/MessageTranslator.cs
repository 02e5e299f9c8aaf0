using System.Text;
using Passthrough.Sdk.Explain.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain.Translations;

/// <summary>Maps translated messages back to the English ones, with their values.</summary>
/// <remarks>
/// The catalogues are read one after another, and of each only the messages that the text may contain are kept. A line can come from
/// several catalogues: virsh and the daemon each have their own language, and the C library provides the reason. Thread safety: pure.
/// </remarks>
internal static class MessageTranslator
{
    private const int MostLines = 64;
    private const int MostLineCharacters = 2048;
    private const int MostCandidates = 20_000;
    private const int MostDepth = 6;
    private const int MostEnglish = 8;

    /// <summary>Translates as much as possible.</summary>
    /// <param name="lines">The plain lines of a text; lines that are recognised already are not changed.</param>
    /// <param name="catalogs">The catalogues; taken one by one.</param>
    public static TranslatedText Translate(ValueList<string> lines, IEnumerable<MessageCatalog> catalogs)
    {
        var unknown = Enumerable.Range(0, lines.Count).Where(i => lines[i].Length <= MostLineCharacters && !ErrorMatcher.Knows(lines[i])).Take(MostLines).ToList();
        var candidates = new List<TranslatedMessage>();
        AddBuiltIn(candidates);
        if (unknown.Count > 0)
        {
            TextGrams? grams = null;
            foreach (var catalog in catalogs)
            {
                Add(catalog, grams ??= GramsOf(unknown.Select(i => lines[i])), candidates);
            }
        }

        string[] english = [.. lines];
        var sources = new List<ValueList<string>>(lines.Count);
        sources.AddRange(Enumerable.Repeat(ValueList.Create<string>(), lines.Count));
        foreach (var i in unknown)
        {
            var used = new List<string>();
            if (Translate(lines[i], candidates, used, 0) is { } translated)
            {
                english[i] = translated;
                sources[i] = [.. used.Distinct()];
            }
        }

        return new(english.ToValueList(), lines, sources.ToValueList());
    }

    private static TextGrams GramsOf(IEnumerable<string> lines)
    {
        var grams = new TextGrams();
        foreach (var line in lines)
        {
            grams.Add(Encoding.UTF8.GetBytes(line));
        }

        return grams;
    }

    private static void AddBuiltIn(List<TranslatedMessage> candidates)
    {
        foreach (var (language, english, translation) in BuiltInTranslations.All)
        {
            if (TranslatedMessage.Read(translation, english, $"this library's table ({language})") is { } message)
            {
                candidates.Add(message);
            }
        }
    }

    private static void Add(MessageCatalog catalog, TextGrams grams, List<TranslatedMessage> candidates)
    {
        using var converter = CharsetConverter.TryOpen(catalog.Charset);
        if (converter is null)
        {
            return;
        }

        var isOfErrors = catalog.Source.EndsWith("/libc.mo", StringComparison.Ordinal);
        for (var i = 0; i < catalog.Count && candidates.Count < MostCandidates; i++)
        {
            var translation = converter.ToUtf8(catalog.Translation(i));
            if (translation.IsEmpty || !CanBeIn(grams, translation))
            {
                continue;
            }

            var original = Encoding.UTF8.GetString(catalog.Original(i));
            if (original.Length > 0 && (!isOfErrors || ErrorNumbers.AllWords.Contains(original)))
            {
                Add(Encoding.UTF8.GetString(translation), original, catalog.Source, candidates);
            }
        }
    }

    // Each plural form and each line separately.
    private static bool CanBeIn(TextGrams grams, ReadOnlySpan<byte> translation)
    {
        while (translation.IndexOfAny((byte)0, (byte)'\n') is >= 0 and var end)
        {
            if (grams.CanHave(translation[..end]))
            {
                return true;
            }

            translation = translation[(end + 1)..];
        }

        return grams.CanHave(translation);
    }

    // The plural forms follow one another, and a message of several lines is printed as several.
    private static void Add(string translation, string english, string source, List<TranslatedMessage> candidates)
    {
        var plurals = english.Split('\0');
        var forms = translation.Split('\0');
        for (var form = 0; form < forms.Length; form++)
        {
            var ours = plurals[Math.Min(form, plurals.Length - 1)].Trim('\n').Split('\n');
            var theirs = forms[form].Trim('\n').Split('\n');
            for (var line = 0; ours.Length == theirs.Length && line < ours.Length; line++)
            {
                if (TranslatedMessage.Read(theirs[line], ours[line], source) is { } message)
                {
                    candidates.Add(message);
                }
            }
        }
    }

    private static string? Translate(string text, List<TranslatedMessage> candidates, List<string> used, int depth)
    {
        if (depth > MostDepth || string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var key = MessageKey.Of(text);
        List<(TranslatedMessage Message, int Start, int End, ValueList<(int Begin, int End, int Number)> Values)> best = [];
        foreach (var candidate in candidates)
        {
            if ((best.Count == 0 || candidate.Letters >= best[0].Message.Letters) && candidate.Match(key, 0, out var start, out var end, out var values))
            {
                if (best.Count > 0 && candidate.Letters > best[0].Message.Letters)
                {
                    best.Clear();
                }

                best.Add((candidate, start, end, values));
            }
        }

        // Of two with the same translation, the one that explains more of the line.
        best.Sort((one, other) => (other.End - other.Start).CompareTo(one.End - one.Start));
        if (depth > 0 && best.Find(match => ErrorNumbers.AllWords.Contains(match.Message.EnglishFormat)) is { Message: not null } reason)
        {
            // The reason follows a message: the C library's words come before libvirt's with the same translation.
            best = [reason];
        }

        string? first = null;
        List<string> firstUsed = [];
        foreach (var (message, start, end, values) in best.Take(MostEnglish))
        {
            List<string> inner = [message.Source];
            var arguments = new Dictionary<int, string>();
            foreach (var (from, to, number) in values)
            {
                var value = key.Original(from, to, isQuoted: false);
                arguments[number] = (IsSentence(value) ? Translate(value, candidates, inner, depth + 1) : null) ?? value;
            }

            var (before, after) = (text[..key.PlaceOf(start)], text[key.PlaceAfter(end)..]);
            var english = $"{Joined(Translate(before, candidates, inner, depth + 1) ?? before)}{message.English(arguments)}{Translate(after, candidates, inner, depth + 1) ?? after}";
            if (first is null || ErrorMatcher.Knows(english))
            {
                (first, firstUsed) = (english, inner);
                if (ErrorMatcher.Knows(english))
                {
                    break;
                }
            }
        }

        used.AddRange(firstUsed);
        return first;
    }

    // A path or a name is the same in every language.
    private static bool IsSentence(string value) => value.Contains(' ') || value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    // "错误:" has no space after it, where English has one.
    private static string Joined(string before) => before.EndsWith(':') ? before + " " : before;
}
