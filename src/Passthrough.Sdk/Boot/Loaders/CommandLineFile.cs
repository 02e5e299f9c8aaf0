using Passthrough.Sdk.Boot.Text;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>A file that contains only a command line: /etc/kernel/cmdline, cmdline.txt.</summary>
internal static class CommandLineFile
{
    /// <summary>kernel-install's and proxmox-boot-tool's; kernel-install joins its lines (90-loaderentry.install).</summary>
    public const string KernelInstall = "/etc/kernel/cmdline";

    /// <summary>Edits the file if it exists; a new parameter is added to the first line that has parameters.</summary>
    /// <param name="plan">Receives the edit.</param>
    /// <param name="path">The file.</param>
    /// <param name="change">The change.</param>
    /// <param name="firstLineOnly">Whether the reader stops at the first line (the Raspberry Pi's firmware).</param>
    /// <returns>Whether there is such a file.</returns>
    public static bool Plan(BootDraftBuilder plan, string path, BootChange change, bool firstLineOnly = false)
    {
        if (plan.ReadText(path) is not { } text)
        {
            return false;
        }

        var lines = Lines(text, firstLineOnly);
        var edit = CommandLineEdit.Compute([.. lines.Select(l => l.Value)], change);
        string[] values = [.. lines.Select((line, i) => TextEdit.Apply(line.Value, edit.Edits[i]))];
        foreach (var parameter in edit.Missing)
        {
            if (values.Length == 0)
            {
                plan.WriteText(path, string.Join(' ', edit.Missing) + "\n" + text);
                return true;
            }

            values[0] = CommandLineEdit.Append(values[0], parameter.Text);
        }

        plan.WriteText(path, TextEdit.Apply(text, lines.Select((line, i) => new TextEdit(line.Start, line.Value.Length, values[i]))));
        return true;
    }

    /// <summary>Edits files that are one command line together; a new parameter goes to the end of the last one.</summary>
    public static void PlanTogether(BootDraftBuilder plan, IReadOnlyList<string> paths, BootChange change)
    {
        var lines = paths.SelectMany(path => Lines(plan.ReadText(path) ?? "", false).Select(line => (Path: path, Line: line))).ToList();
        var edit = CommandLineEdit.Compute([.. lines.Select(l => l.Line.Value)], change);
        string[] values = [.. lines.Select((line, i) => TextEdit.Apply(line.Line.Value, edit.Edits[i]))];
        foreach (var parameter in edit.Missing)
        {
            if (values.Length == 0)
            {
                throw new BootException($"{paths[^1]}: none of these files contains a parameter - write the root parameter of /proc/cmdline there.");
            }

            values[^1] = CommandLineEdit.Append(values[^1], parameter.Text);
        }

        foreach (var file in lines.Index().GroupBy(l => l.Item.Path, StringComparer.Ordinal))
        {
            plan.WriteText(file.Key, TextEdit.Apply(plan.ReadText(file.Key)!, file.Select(l => new TextEdit(l.Item.Line.Start, l.Item.Line.Value.Length, values[l.Index]))));
        }
    }

    /// <summary>The whole command line.</summary>
    public static string Join(string text, bool firstLineOnly = false) => string.Join(' ', Lines(text, firstLineOnly).Select(l => l.Value));

    private static List<KeyedLines.Line> Lines(string text, bool firstLineOnly)
    {
        var lines = new List<KeyedLines.Line>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            var line = text[at..end].TrimEnd('\r', ' ', '\t');
            if (line.Length > 0 && (firstLineOnly || line[0] != '#'))
            {
                lines.Add(new KeyedLines.Line(at, line));
            }

            at = end + 1;
            if (firstLineOnly)
            {
                break;
            }
        }

        return lines;
    }
}
