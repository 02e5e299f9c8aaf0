using System.Buffers;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Boot.Files;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The settings of limine-entry-tool: lines <c>KERNEL_CMDLINE[NAME]="..."</c> in several files.</summary>
/// <remarks>
/// The tool reads them in the order of <see cref="Files"/>; <c>=</c> replaces what came before, <c>+=</c> adds to it. The
/// name <c>default</c> is that of every kernel without a line of its own; <c>fallback</c> is the fallback entry and is not changed.
/// </remarks>
internal static partial class LimineSettings
{
    /// <summary>The file that is read last.</summary>
    public const string Main = "/etc/default/limine";

    /// <summary>The name of the line for every kernel.</summary>
    public const string Default = "default";

    /// <summary>The characters that have a special meaning for a shell or the tool.</summary>
    public static readonly SearchValues<char> Meaningful = SearchValues.Create("\"'`$\\#;");

    private const string Vendor = "/usr/share/limine-entry-tool.d";

    /// <summary>One assignment.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="Line">The line's number, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Name">The kernel's name, or <c>default</c>.</param>
    /// <param name="Adds">Whether it adds to what came before.</param>
    /// <param name="Start">The offset at which the value begins in the file.</param>
    /// <param name="Value">The value without its quotes; null if it is not plain text.</param>
    internal sealed record Assignment(string Path, int Line, string Text, string Name, bool Adds, int Start, string? Value)
    {
        /// <summary>Whether the file belongs to a package, so that an edit would be lost.</summary>
        public bool IsVendors => Path.StartsWith(Vendor, StringComparison.Ordinal);
    }

    /// <summary>The files that exist, in the order in which they are read; none where the tool is not used.</summary>
    public static string[] Files(BootFiles host)
    {
        string[] own = [.. host.List("/etc/limine-entry-tool.d", ".conf").Prepend("/etc/limine-entry-tool.conf").Append(Main).Where(host.Exists)];
        return own.Length == 0 ? [] : [.. host.List(Vendor, ".conf"), .. own];
    }

    /// <summary>The assignments of some files, in order.</summary>
    public static List<Assignment> Read(IEnumerable<string> paths, Func<string, string?> read) => [.. paths.SelectMany(path => Parse(path, read(path) ?? ""))];

    /// <summary>The assignments that make up one name's line: from the last <c>=</c> on.</summary>
    public static Assignment[] Of(string name, IReadOnlyList<Assignment> all)
    {
        Assignment[] own = [.. all.Where(a => a.Name == name)];
        var first = Array.FindLastIndex(own, a => !a.Adds);
        return first < 0 ? own : own[first..];
    }

    private static IEnumerable<Assignment> Parse(string path, string text)
    {
        var number = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            var line = text[at..end].TrimEnd('\r');
            number++;
            if (Pattern().Match(line) is { Success: true } match)
            {
                var (start, value) = Value(match.Groups["value"].Value);
                yield return new Assignment(path, number, line, match.Groups["name"].Value, match.Groups["adds"].Length > 0, at + match.Groups["value"].Index + start, value);
            }
            else if (line.AsSpan().TrimStart() is var rest && !rest.StartsWith("#") && rest.Contains("KERNEL_CMDLINE", StringComparison.Ordinal))
            {
                // Whatever it is, it may be part of the command line.
                yield return new Assignment(path, number, line, Default, true, at, null);
            }

            at = end + 1;
        }
    }

    /// <summary>A value in quotes of one kind, or without any; null if a shell would do more with it than read it.</summary>
    private static (int Start, string? Value) Value(string text)
    {
        if (Quoted().Match(text) is { Success: true } quoted)
        {
            return (1, quoted.Groups["inner"].Value);
        }

        var bare = text.TrimEnd();
        return bare.AsSpan().ContainsAny(Meaningful) ? (0, null) : (0, bare);
    }

    [GeneratedRegex("""^[ \t]*KERNEL_CMDLINE\[(?<quote>["']?)(?<name>[^\]"']+)\k<quote>\][ \t]*(?<adds>\+?)=[ \t]*(?<value>.*)$""", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex("""^(?<quote>["'])(?<inner>[^"'`$\\]*)\k<quote>[ \t]*(#.*)?$""", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
