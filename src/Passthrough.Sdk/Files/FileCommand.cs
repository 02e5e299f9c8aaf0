using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Files;

/// <summary>Writes the command of a POSIX shell that does to a file what a step does: with its whole content, so that it can be run, and reviewed.</summary>
internal static class FileCommand
{
    private const string End = "EOF";

    /// <summary>Returns the command that writes a file, and creates its directory if needed.</summary>
    /// <param name="path">The path on the host.</param>
    /// <param name="content">The content.</param>
    /// <param name="mode">The permission bits of the file.</param>
    /// <param name="then">The command that follows if this one succeeds; null for none.</param>
    public static string Write(string path, string content, uint mode = AtomicFile.DefaultMode, string? then = null)
    {
        var install = $"install -D -m {Convert.ToString(mode, 8)} /dev/stdin {ShellArgument.Of(path)}";
        var after = then is null ? "" : $" && {then}";
        var lines = content.Split('\n');
        return lines[^1].Length == 0 && lines.Length > 1 && !lines.Contains(End) && !content.Any(IsUnprintable)
            ? $"{install} <<'{End}'{after}\n{content}{End}"
            : $"printf %s {Quoted(content)} | {install}{after}";
    }

    /// <summary>Returns the command that removes a file.</summary>
    /// <param name="path">The path on the host.</param>
    /// <param name="then">The command that follows if this one succeeds; null for none.</param>
    public static string Remove(string path, string? then = null) => $"rm {ShellArgument.Of(path)}{(then is null ? "" : $" && {then}")}";

    // A line feed means nothing inside single quotes, and is shown as one.
    private static string Quoted(string content) =>
        content.Any(IsUnprintable) ? ShellArgument.Of(content) : $"'{content.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsUnprintable(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');
}
