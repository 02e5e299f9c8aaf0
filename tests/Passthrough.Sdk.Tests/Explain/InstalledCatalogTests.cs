using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Explain.Translations;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>Every known message of every catalogue of libvirt that this machine has, with values in it, means what the English one means.</summary>
public sealed partial class InstalledCatalogTests
{
    private const string Locale = "/usr/share/locale";
    private const int LinesAtOnce = 64;

    private readonly Dictionary<string, Sample?> _samples = new(StringComparer.Ordinal);

    [GeneratedRegex(@"%(?:(\d+)\$)?[-+ #0'I]*(\d*)(?:\.(\d+))?([hlLqjzt]*)([a-zA-Z%])")]
    private static partial Regex Conversion();

    [Fact]
    public void Every_translation_of_a_known_message_has_its_cause_and_its_values()
    {
        var files = Directory.Exists(Locale) ? Directory.GetDirectories(Locale).Select(folder => $"{folder}/LC_MESSAGES/libvirt.mo").Where(File.Exists).Order(StringComparer.Ordinal).ToList() : [];
        Prerequisite.Require(files.Count >= 13, "libvirt's message catalogues (Debian: apt-get install libvirt-l10n)");
        var (wrong, tried, reordered, languages) = (new StringBuilder(), 0, 0, 0);
        foreach (var file in files)
        {
            var catalog = MessageCatalog.Parse(File.ReadAllBytes(file), file);
            var forms = Forms(catalog);
            languages += forms.Count > 0 ? 1 : 0;
            foreach (var some in forms.Chunk(LinesAtOnce))
            {
                var english = MessageTranslator.Translate([.. some.Select(form => ErrorLines.Of(form.Text)[0])], [catalog]).Lines;
                for (var i = 0; i < some.Length; i++)
                {
                    var match = ErrorMatcher.First([english[i]], "error");
                    tried++;
                    reordered += some[i].IsReordered ? 1 : 0;
                    if (match?.Pattern != some[i].Sample.Match.Pattern || !Values(match!).SequenceEqual(Values(some[i].Sample.Match)))
                    {
                        wrong.AppendLine(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(Locale, file).Split('/')[0]}: '{some[i].Text}' of '{some[i].Sample.Text}' became '{english[i]}'");
                    }
                }
            }
        }

        Assert.True(wrong.Length == 0, $"{tried} messages in {languages} languages, {reordered} with their values in another order:\n{wrong}");
        Assert.True(tried >= 1000 && languages >= 13 && reordered >= 5, $"{tried} messages in {languages} languages, {reordered} with their values in another order");
    }

    private List<Form> Forms(MessageCatalog catalog)
    {
        var pairs = Enumerable.Range(0, catalog.Count).Select(i => (English: Encoding.UTF8.GetString(catalog.Original(i)), Translation: Encoding.UTF8.GetString(catalog.Translation(i))))
            .Where(pair => pair.English.Length > 0 && pair.Translation.Length > 0).ToList();
        var counts = pairs.GroupBy(pair => Shape(pair.Translation), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var forms = new List<Form>();
        foreach (var (english, translation) in pairs)
        {
            // Two English messages with one translation cannot be told apart; a translation without a value of the English one has lost it;
            // a message that ends in a blank is a half, cut at a macro of C.
            if (english == translation || english[^1] == ' ' || counts[Shape(translation)] > 1 || english.AsSpan().ContainsAny('\n', '\0') || Sampled(english) is not { } sample
                || !Numbers(english).Order().SequenceEqual(Numbers(translation).Order()))
            {
                continue;
            }

            forms.Add(new(sample, Filled(translation, sample.Values), !Numbers(translation).SequenceEqual(Numbers(english))));
        }

        return forms;
    }

    /// <summary>The message with values with which it is known: a PCI address in one of its places, words and numbers in the others.</summary>
    private Sample? Sampled(string english)
    {
        if (!_samples.TryGetValue(english, out var sample))
        {
            var count = Numbers(english).DefaultIfEmpty().Max();
            for (var address = count; address >= 0 && sample is null; address--)
            {
                string[] values = [.. Enumerable.Range(1, count).Select(i => i == address ? "0000:01:00.0" : $"name{i}")];
                var text = Filled(english, values);
                sample = ErrorMatcher.First(ErrorLines.Of(text), "error") is { } match ? new(text, values, match) : null;
            }

            _samples[english] = sample;
        }

        return sample;
    }

    // "%s" holds what "%s:%s" holds.
    private static string Shape(string translation) => Conversion().Replace(translation, "%").Replace("%:%", "%", StringComparison.Ordinal);

    private static List<int> Numbers(string format)
    {
        var next = 0;
        return [.. Conversion().Matches(format).Where(match => match.Groups[5].Value != "%").Select(match => match.Groups[1].Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : ++next)];
    }

    // What printf does: numbers are told from one another by their place among the values.
    private static string Filled(string format, string[] values)
    {
        var next = 0;
        return Conversion().Replace(format, conversion =>
        {
            if (conversion.Groups[5].Value == "%")
            {
                return "%";
            }

            var number = conversion.Groups[1].Success ? int.Parse(conversion.Groups[1].Value, CultureInfo.InvariantCulture) : ++next;
            return conversion.Groups[5].Value switch
            {
                "s" => values[number - 1],
                "c" => ((char)('a' + number)).ToString(),
                _ => number.ToString(CultureInfo.InvariantCulture).PadLeft(Width(conversion), '0'),
            };
        });
    }

    private static int Width(Match conversion) => Math.Max(
        int.TryParse(conversion.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var width) ? width : 0,
        int.TryParse(conversion.Groups[3].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var precision) ? precision : 0);

    private static IEnumerable<KeyValuePair<string, string>> Values(PatternMatch match) => match.Captures.OrderBy(capture => capture.Key, StringComparer.Ordinal);

    private sealed record Sample(string Text, string[] Values, PatternMatch Match);

    private sealed record Form(Sample Sample, string Text, bool IsReordered);
}
