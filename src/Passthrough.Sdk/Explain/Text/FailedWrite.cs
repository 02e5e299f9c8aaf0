using System.Buffers;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain.Text;

/// <summary>Brings the failures of file operations to one form, <c>PATH: reason</c>, whichever program printed them; and finds the file where only the command before names it.</summary>
/// <remarks>
/// A shell names the file when it cannot open it and not when a write fails (<c>bash: echo: write error: reason</c>), and an error
/// number means nothing without the file. Where the command is in the text, its file is put in; where it is not, or where several
/// commands could be meant, the line keeps saying that the file is not known: <c>write error: reason</c>. Thread safety: pure.
/// </remarks>
internal static class FailedWrite
{
    private const int MostLinesBack = 40;
    private static readonly SearchValues<char> PathEnds = SearchValues.Create(" ;|&<>\"'");
    private static readonly string[] WriteWords = ["write error: ", "write error - ", "error writing: ", "write: ", "write failed: ", "failed to write: ", "Could not write: "];
    private static readonly string[] DashWords = ["echo: echo: ", "printf: printf: ", "echo: I/O error", "printf: I/O error"];
    private static readonly string[] ReasonFirst = ["permission denied: ", "no such file or directory: ", "operation not permitted: ", "read-only file system: "];
    private static readonly string[] DashOpens = ["cannot create ", "can't create ", "cannot open ", "can't open "];

    /// <summary>The lines with failures of file operations in their one form.</summary>
    public static ValueList<string> Complete(ValueList<string> lines)
    {
        List<string>? complete = null;
        for (var i = 0; i < lines.Count; i++)
        {
            if (Complete(lines, i) is { } line)
            {
                complete ??= [.. lines];
                complete[i] = line;
            }
        }

        return complete?.ToValueList() ?? lines;
    }

    private static string? Complete(ValueList<string> lines, int index)
    {
        var line = lines[index];
        if (ReasonOfWrite(line) is { } reason)
        {
            return FileBefore(lines, index) is { } file ? $"{file}: {reason}" : $"write error: {reason}";
        }

        // zsh: "permission denied: PATH"
        foreach (var words in ReasonFirst)
        {
            if (line.IndexOf(words, StringComparison.OrdinalIgnoreCase) is >= 0 and var at && PathIn(line.AsSpan(at + words.Length)) is { } path)
            {
                return $"{path}: {words[..^2]}";
            }
        }

        // dash and busybox: "cannot create PATH: Permission denied", "can't create PATH: nonexistent directory"
        foreach (var words in DashOpens)
        {
            if (line.IndexOf(words, StringComparison.OrdinalIgnoreCase) is >= 0 and var at && line.AsSpan(at + words.Length).TrimStart('\'') is ['/', ..] and var rest && rest.IndexOf(": ") is > 0 and var colon)
            {
                var said = rest[(colon + 2)..];
                return $"{rest[..colon].TrimEnd('\'')}: {(said.StartsWith("nonexistent directory", StringComparison.OrdinalIgnoreCase) ? "No such file or directory" : said)}";
            }
        }

        // Python: "[Errno 16] Device or resource busy: 'PATH'"; without a path the write failed.
        if (line.IndexOf("[Errno ", StringComparison.Ordinal) is >= 0 and var python && line.IndexOf("] ", python, StringComparison.Ordinal) is > 0 and var bracket)
        {
            var said = line.AsSpan(bracket + 2);
            var colon = said.IndexOf(": ");
            return colon > 0 && PathIn(said[(colon + 2)..]) is { } path ? $"{path}: {said[..colon]}"
                : colon < 0 ? (FileBefore(lines, index) is { } file ? $"{file}: {said}" : $"write error: {said}") : null;
        }

        // udev: "Failed to write ATTR{PATH}, ignoring: reason", "Failed to write 'x' to 'PATH': reason"
        if (line.IndexOf("ATTR{", StringComparison.Ordinal) is >= 0 and var attribute && line.IndexOf('}', attribute) is > 0 and var close && line.LastIndexOf(": ", StringComparison.Ordinal) is > 0 and var last && last > close)
        {
            return $"{line[(attribute + 5)..close]}: {line[(last + 2)..]}";
        }

        return null;
    }

    // "bash: line 3: echo: write error: reason", "-bash: echo: write error: reason", "zsh: echo: write error: reason"; dash says the same for every number.
    private static string? ReasonOfWrite(string line)
    {
        foreach (var words in WriteWords)
        {
            if (line.IndexOf(words, StringComparison.OrdinalIgnoreCase) is >= 0 and var at && (at == 0 || line[at - 1] == ' '))
            {
                var reason = line[(at + words.Length)..].Trim();
                return reason.Length > 0 && reason[0] != '/' && reason[0] != '\'' ? reason : null;
            }
        }

        foreach (var words in DashWords)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return line.EndsWith("I/O error", StringComparison.Ordinal) ? "the shell does not say why" : line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..];
            }
        }

        return null;
    }

    /// <summary>The file that the command before a line writes to; null if there is none, or where it can be one of several.</summary>
    private static string? FileBefore(ValueList<string> lines, int index)
    {
        string? file = null;
        var isSure = false;
        for (var i = index; i >= 0 && i > index - MostLinesBack; i--)
        {
            if (TargetOf(lines[i], out var isPrompted) is not { } target)
            {
                if (i < index && file is not null)
                {
                    break;
                }

                continue;
            }

            if (file is null)
            {
                (file, isSure) = (target, isPrompted);
                if (isSure)
                {
                    return file;
                }
            }
            else if (target != file)
            {
                // A script without prompts: any of its commands can have failed.
                return null;
            }
        }

        return file;
    }

    /// <summary>The file that a command line writes to: behind <c>&gt;</c>, <c>tee</c> or <c>of=</c>.</summary>
    private static string? TargetOf(string line, out bool isPrompted)
    {
        var command = LinePrefix.WithoutTimes(line);
        isPrompted = command is ['$' or '#' or '+' or '%' or '>', ' ', ..] || (command.IndexOfAny("#$%") is > 0 and < 60 and var prompt && prompt + 1 < command.Length && command[prompt + 1] == ' '
            && (command[..prompt].Contains('@') || command[..prompt].Contains('~') || command[..prompt].Contains(']')));
        for (var rest = command; rest.IndexOf('>') is >= 0 and var at; rest = rest[(at + 1)..])
        {
            var target = rest[(at + 1)..].TrimStart("> ");
            if (!target.StartsWith("/dev/null") && !target.StartsWith('&') && PathIn(target) is { } path)
            {
                return path;
            }
        }

        if (IndexOfWord(command, "tee ") is >= 0 and var tee)
        {
            var target = command[(tee + 4)..].TrimStart();
            while (target is ['-', not '/', ..] && target.IndexOf(' ') is > 0 and var option)
            {
                target = target[(option + 1)..].TrimStart();
            }

            return command[..tee].IndexOf(": ") < 0 ? PathIn(target) : null;
        }

        return command.IndexOf("of=/") is >= 0 and var of ? PathIn(command[(of + 3)..]) : null;
    }

    private static int IndexOfWord(ReadOnlySpan<char> text, string word)
    {
        var at = text.IndexOf(word);
        return at > 0 && text[at - 1] is not (' ' or '|' or '/') ? -1 : at;
    }

    // A path in quotes or without; a relative one counts where its last name is a file of the kernel's.
    private static string? PathIn(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        ReadOnlySpan<char> path;
        if (text is ['\'' or '"', ..] && text[1..].IndexOf(text[0]) is > 0 and var close)
        {
            path = text.Slice(1, close);
        }
        else
        {
            var end = text.IndexOfAny(PathEnds);
            path = end < 0 ? text : text[..end];
        }

        path = path.TrimEnd(":,)");
        return path.Length is > 0 and < 400 && (path.Contains('/') || IsKernelFile(path)) ? path.ToString() : null;
    }

    private static bool IsKernelFile(ReadOnlySpan<char> name) =>
        name is "sriov_numvfs" or "bind" or "unbind" or "new_id" or "remove_id" or "driver_override" or "drivers_probe" or "create" or "reset_method" or "reset" or "remove" or "rescan";
}
