namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Reads limine.conf (since Limine 8: <c>key: value</c>, entries begin with <c>/</c>) and limine.cfg (<c>KEY=VALUE</c>, <c>:</c>).</summary>
/// <remarks>
/// Limine, CONFIG.md and common/lib/config.c: blanks before a line do not count; of an option that stands twice in an entry
/// the first one counts; keys are read in any case since 8, and as they stand before; <c>${NAME}</c> is a macro.
/// </remarks>
internal static class LimineMenu
{
    /// <summary>One option of an entry.</summary>
    /// <param name="Line">The line's number, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Titles">The titles of the entry and of those above it.</param>
    /// <param name="Entry">The entry's number; -1 before the first.</param>
    /// <param name="Key">The option in lower case.</param>
    /// <param name="Start">The offset at which the value begins in the file.</param>
    /// <param name="Value">The value.</param>
    internal sealed record Option(int Line, string Text, string Titles, int Entry, string Key, int Start, string Value)
    {
        private static readonly string[] WaysBack = ["fallback", "rescue", "recovery", "snapshot"];

        /// <summary>Whether it is a kernel's command line.</summary>
        public bool IsKernelLine => Entry >= 0 && Key is "cmdline" or "kernel_cmdline";

        /// <summary>Whether the entry is a fallback for an entry that does not boot.</summary>
        public bool IsWayBack => WaysBack.Any(word => Titles.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The options in order.</summary>
    public static List<Option> Parse(string path, string text)
    {
        var old = path.EndsWith(".cfg", StringComparison.Ordinal);
        var options = new List<Option>();
        var titles = new List<string>();
        var (entry, number) = (-1, 0);
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            var line = text[at..end].TrimEnd('\r');
            var start = line.Length - line.TrimStart(' ', '\t').Length;
            number++;
            if (start < line.Length && line[start] == (old ? ':' : '/'))
            {
                var depth = line[start..].TakeWhile(c => c == line[start]).Count();
                titles = [.. titles.Take(depth - 1), line[(start + depth)..].TrimStart('+', ' ')];
                entry++;
            }
            else if (start < line.Length && line[start] != '#' && line.IndexOf(old ? '=' : ':', start) is > 0 and var separator)
            {
                var value = separator + 1;
                while (!old && value < line.Length && line[value] is ' ' or '\t')
                {
                    value++;
                }

                var key = line[start..separator];
                options.Add(new Option(number, line, string.Join('/', titles), entry, old && key.Any(char.IsAsciiLetterLower) ? "" : key.ToLowerInvariant(), at + value, line[value..]));
            }

            at = end + 1;
        }

        return options;
    }
}
