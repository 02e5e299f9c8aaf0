using System.Text;

namespace Passthrough.Sdk.Boot.Text;

/// <summary>Two versions of a small file as a unified diff, as <c>diff -u</c> and <c>patch</c> know it.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <param name="path">The file's path, without a leading slash in the heading.</param>
    /// <param name="before">The old content; null if the file is new.</param>
    /// <param name="after">The new content; null if the file goes.</param>
    /// <returns>The diff with a line feed at its end; empty if there is no difference.</returns>
    public static string Create(string path, byte[]? before, byte[]? after)
    {
        var a = Lines(before);
        var b = Lines(after);
        var head = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < a.Length - head && tail < b.Length - head && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        if (head == a.Length && head == b.Length)
        {
            return "";
        }

        var script = Script(a, b, head, tail);
        var name = path.TrimStart('/');
        var text = new StringBuilder();
        text.Append(before is null ? "--- /dev/null\n" : $"--- a/{name}\n").Append(after is null ? "+++ /dev/null\n" : $"+++ b/{name}\n");
        Hunks(text, script);
        return text.ToString();
    }

    private static string[] Lines(byte[]? content)
    {
        var text = content is null ? "" : Encoding.UTF8.GetString(content);
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }

        return [.. lines];
    }

    private static List<(char Mark, string Line)> Script(string[] a, string[] b, int head, int tail)
    {
        var from = a[head..^tail];
        var to = b[head..^tail];
        var common = new int[from.Length + 1, to.Length + 1];
        for (var i = from.Length - 1; i >= 0; i--)
        {
            for (var j = to.Length - 1; j >= 0; j--)
            {
                common[i, j] = from[i] == to[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        List<(char, string)> script = [.. a[..head].Select(line => (' ', line))];
        for (int i = 0, j = 0; i < from.Length || j < to.Length;)
        {
            if (i < from.Length && j < to.Length && from[i] == to[j])
            {
                script.Add((' ', from[i++]));
                j++;
            }
            else if (i < from.Length && (j == to.Length || common[i + 1, j] >= common[i, j + 1]))
            {
                script.Add(('-', from[i++]));
            }
            else
            {
                script.Add(('+', to[j++]));
            }
        }

        script.AddRange(a[^tail..].Select(line => (' ', line)));
        return script;
    }

    private static void Hunks(StringBuilder text, List<(char Mark, string Line)> script)
    {
        for (var at = 0; ;)
        {
            var change = script.FindIndex(at, s => s.Mark != ' ');
            if (change < 0)
            {
                return;
            }

            var start = Math.Max(at, change - Context);
            var end = change;
            for (var i = change; i < script.Count && i <= end + (2 * Context); i++)
            {
                if (script[i].Mark != ' ')
                {
                    end = i;
                }
            }

            end = Math.Min(script.Count, end + Context + 1);
            Hunk(text, script, start, end);
            at = end;
        }
    }

    private static void Hunk(StringBuilder text, List<(char Mark, string Line)> script, int start, int end)
    {
        var oldStart = script.Take(start).Count(s => s.Mark != '+');
        var newStart = script.Take(start).Count(s => s.Mark != '-');
        var oldCount = script.Skip(start).Take(end - start).Count(s => s.Mark != '+');
        var newCount = script.Skip(start).Take(end - start).Count(s => s.Mark != '-');
        text.Append($"@@ -{Range(oldStart, oldCount)} +{Range(newStart, newCount)} @@\n");
        for (var i = start; i < end; i++)
        {
            (var mark, var line) = script[i];
            text.Append(mark).Append(line);
            if (!line.EndsWith('\n'))
            {
                text.Append("\n\\ No newline at end of file\n");
            }
        }
    }

    private static string Range(int start, int count) => count switch
    {
        0 => $"{start},0",
        1 => $"{start + 1}",
        _ => $"{start + 1},{count}",
    };
}
