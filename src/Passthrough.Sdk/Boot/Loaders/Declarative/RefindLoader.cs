using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>rEFInd: refind_linux.conf beside the kernel, and the <c>options</c> of refind.conf's stanzas. No command follows.</summary>
/// <remarks>
/// rodsbooks.com/refind, "Methods of Booting Linux": the first line of refind_linux.conf is that of the default entry. Which of
/// the two files the default entry comes from is not documented, so both are edited; lines for fallback boots
/// (single-user, minimal) are not changed.
/// </remarks>
internal sealed class RefindLoader(string[] linux, string[] menus) : BootLoader
{
    private const string Beside = "refind_linux.conf";

    private static readonly string[] Partitions = ["/boot", "/efi", "/boot/efi", "/esp"];

    private static readonly string[] WaysBack = ["single", "minimal", "rescue", "recovery", "fallback", "emergency"];

    public override BootLoaderKind Kind => BootLoaderKind.Refind;

    /// <summary>The file by which it was recognised.</summary>
    public string Sign => linux.Concat(menus).First();

    public static RefindLoader? Find(BootFiles host)
    {
        string[] directories = [.. Partitions, .. Partitions.SelectMany(p => host.List($"{p}/EFI", ""))];
        string[] linux = [.. directories.Select(d => $"{d}/{Beside}").Where(host.Exists)];
        string[] menus = [.. Partitions.SelectMany(p => (string[])[$"{p}/EFI/refind/refind.conf", $"{p}/EFI/BOOT/refind.conf"]).Where(host.Exists)];
        return linux.Length + menus.Length > 0 ? new RefindLoader(linux, menus) : null;
    }

    public override Fact<string> Configured(BootFiles host) => Try(Sign, () =>
        Lines(path => host.Read(path)).FirstOrDefault() is { Path: not null } first ? first.Options.Value : null);

    public override string? Key(BootFiles host) => linux.Length > 0 ? null : "options";

    public override string? AddsItself(BootFiles host, BootParameter parameter) =>
        parameter.Name == "initrd" ? "rEFInd adds it for the kernel's initrd" : null;

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        if (linux.Length > 1)
        {
            throw new BootException($"rEFInd reads the {Beside} in the directory of the kernel that it starts, and it is not certain which of {string.Join(", ", linux)} it starts - change the right one by hand.");
        }

        if (change.Add.FirstOrDefault(p => p.Text.Contains('"', StringComparison.Ordinal)) is { } quoted)
        {
            throw new BootException($"{quoted}: it is not certain how rEFInd passes quotes to the kernel - add it to {Sign} by hand.");
        }

        var lines = Lines(plan.Read);
        if (lines.Count == 0)
        {
            throw new BootException($"{Sign}: no line contains the options of a kernel - write \"Boot with standard options\" \"...\" with the root parameter of /proc/cmdline into /boot/{Beside}.");
        }

        foreach (var file in lines.GroupBy(line => line.Path, StringComparer.Ordinal))
        {
            plan.WriteText(file.Key, TextEdit.Apply(plan.ReadText(file.Key)!, file.Select(line => Edit(line, change))));
        }
    }

    private static TextEdit Edit(Line line, BootChange change)
    {
        var value = CommandLineEdit.Apply(line.Options.Value, change);
        if (value == line.Options.Value)
        {
            return new TextEdit(line.Options.Start, 0, "");
        }

        return line.Options.IsQuoted
            ? new TextEdit(line.Options.Start, line.Options.Length, RefindLine.Word.Write(value))
            : new TextEdit(line.Options.Start, line.Options.Length, $"\"{RefindLine.Word.Write(value)}\"");
    }

    private readonly record struct Line(string Path, RefindLine.Word Options);

    private List<Line> Lines(Func<string, byte[]?> read)
    {
        var lines = new List<Line>();
        foreach (var path in linux)
        {
            foreach (var (number, text, words) in RefindLine.Lines(Text(path, read)))
            {
                if (words.Count != 2 || !words[1].IsQuoted)
                {
                    throw new BootUncertainException(path, number, text, "it is not a title and one text in quotes");
                }

                if (lines.Count == 0 || !IsWayBack(words[0].Value, words[1].Value))
                {
                    lines.Add(new Line(path, words[1]));
                }
            }
        }

        foreach (var path in menus)
        {
            lines.AddRange(Stanzas(path, Text(path, read)));
        }

        return lines;
    }

    /// <summary>The options of the stanzas for Linux; those of sub-entries are fallbacks or variants, and are not changed.</summary>
    private static List<Line> Stanzas(string path, string text)
    {
        var found = new List<Line>();
        var (depth, disabled, isLinux, title) = (0, false, false, "");
        var own = new List<Line>();
        foreach (var (number, line, words) in RefindLine.Lines(text))
        {
            var key = words[0].Value.ToLowerInvariant();
            if (depth == 0 && key == "include")
            {
                throw new BootUncertainException(path, number, line, "the menu includes another file");
            }

            if (depth == 1 && key == "options")
            {
                own.Add(words.Count == 2 ? new Line(path, words[1]) : throw new BootUncertainException(path, number, line, "it is not one text in quotes"));
            }

            disabled |= depth == 1 && key == "disabled";
            isLinux |= depth == 1 && ((key == "loader" && words.Count > 1 && IsKernel(words[1].Value)) || key == "initrd"
                || (key == "ostype" && words.Count > 1 && words[1].Value.Equals("Linux", StringComparison.OrdinalIgnoreCase)));
            if (words[^1].Value == "{" || words[^1].Value.EndsWith('{'))
            {
                title = depth == 0 && words.Count > 1 ? words[1].Value : title;
                depth++;
            }
            else if (key == "}" && depth > 0 && --depth == 0)
            {
                found.AddRange(disabled || !isLinux ? [] : own.Where(l => !IsWayBack(title, l.Options.Value)));
                (disabled, isLinux) = (false, false);
                own.Clear();
            }
        }

        return found;
    }

    private static bool IsKernel(string loader) => loader.Contains("vmlinuz", StringComparison.OrdinalIgnoreCase) || loader.Contains("bzImage", StringComparison.OrdinalIgnoreCase);

    private static bool IsWayBack(string title, string options) =>
        WaysBack.Any(word => title.Contains(word, StringComparison.OrdinalIgnoreCase)) || options.Split(' ').Any(word => word is "single" or "1" or "s" or "emergency" or "rescue");

    private static string Text(string path, Func<string, byte[]?> read)
    {
        var content = read(path) ?? [];
        return content is [0xff, 0xfe, ..] or [0xfe, 0xff, ..]
            ? throw new BootException($"{path}: the file is written in UTF-16 - change it by hand.")
            : Encoding.Latin1.GetString(content);
    }
}
