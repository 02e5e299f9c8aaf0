using Passthrough.Sdk.Boot.Text;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Lines of the kind <c>options root=UUID=.. ro</c>: a word, blanks, the rest.</summary>
internal static class KeyedLines
{
    /// <summary>One such line: its value and where that stands in the text.</summary>
    internal readonly record struct Line(int Start, string Value);

    /// <summary>The lines with a key; extlinux reads it in any case, the Boot Loader Specification's readers do not.</summary>
    public static List<Line> Find(string text, string key, StringComparison comparison = StringComparison.OrdinalIgnoreCase)
    {
        var lines = new List<Line>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            var start = at;
            while (start < end && text[start] is ' ' or '\t')
            {
                start++;
            }

            var value = start + key.Length;
            if (value <= end && text.AsSpan(start, key.Length).Equals(key, comparison)
                && (value == end || text[value] is ' ' or '\t' or '\r'))
            {
                while (value < end && text[value] is ' ' or '\t')
                {
                    value++;
                }

                var stop = end > value && text[end - 1] == '\r' ? end - 1 : end;
                lines.Add(new Line(value, text[value..stop]));
            }

            at = end + 1;
        }

        return lines;
    }

    /// <summary>Edits lines that make up one command line together.</summary>
    public static string EditTogether(string text, string key, BootChange change)
    {
        var lines = Find(text, key, StringComparison.Ordinal);
        var edit = CommandLineEdit.Compute([.. lines.Select(l => l.Value)], change);
        if (edit.IsEmpty)
        {
            return text;
        }

        string[] values = [.. lines.Select((line, i) => TextEdit.Apply(line.Value, edit.Edits[i]))];
        foreach (var parameter in edit.Missing)
        {
            if (values.Length == 0)
            {
                return WithLine(text, key, edit.Missing);
            }

            values[^1] = CommandLineEdit.Append(values[^1], parameter.Text);
        }

        return Put(text, lines, values);
    }

    /// <summary>Edits lines that are a command line each.</summary>
    public static string EditEach(string text, string key, BootChange change)
    {
        var lines = Find(text, key);
        return Put(text, lines, [.. lines.Select(line => CommandLineEdit.Apply(line.Value, change))]);
    }

    private static string Put(string text, List<Line> lines, string[] values) =>
        TextEdit.Apply(text, lines.Select((line, i) => new TextEdit(line.Start, line.Value.Length, Separated(text, line, values[i]))));

    // A key with nothing behind it has no blank yet.
    private static string Separated(string text, Line line, string value) =>
        line.Value.Length == 0 && value.Length > 0 && text[line.Start - 1] is not (' ' or '\t') ? " " + value : value;

    private static string WithLine(string text, string key, List<BootParameter> parameters)
    {
        var ending = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var line = $"{key} {string.Join(' ', parameters)}";
        return text.Length == 0 || text.EndsWith('\n') ? text + line + ending : text + ending + line;
    }
}
