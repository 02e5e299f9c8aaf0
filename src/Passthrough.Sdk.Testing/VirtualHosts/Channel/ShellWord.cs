using System.Text;

namespace Passthrough.Sdk.Testing;

/// <summary>Writes words of a script so that any shell of POSIX reads them as they are.</summary>
internal static class ShellWord
{
    /// <summary>Returns a text if it can be an argument of a program.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static string Check(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException($"'{text.Replace("\0", "\\0", StringComparison.Ordinal)}' contains a NUL character, which no argument of a program can", name)
            : text;
    }

    /// <summary>Returns a variable of the environment, <c>NAME=VALUE</c>, if it is one.</summary>
    /// <exception cref="ArgumentException">The text is not a variable.</exception>
    public static string CheckVariable(string text)
    {
        var name = Check(text, nameof(text)).Split('=')[0];
        return name.Length > 0 && name.Length < text.Length && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? text
            : throw new ArgumentException($"'{text}' is not a variable of the environment; write NAME=VALUE, with letters, digits and '_' in the name", nameof(text));
    }

    /// <summary>Returns a text as one word.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Returns the script that runs a command, in the agent's form: on one line, with escapes that <c>printf %b</c> undoes.</summary>
    public static string ScriptOf(HostCommand command)
    {
        var script = new StringBuilder("export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LANG=C.UTF-8\n");
        foreach (var variable in command.Environment)
        {
            var end = variable.IndexOf('=', StringComparison.Ordinal);
            script.Append("export ").Append(variable, 0, end + 1).Append(Quote(variable[(end + 1)..])).Append('\n');
        }

        script.Append("cd ").Append(Quote(command.Directory)).Append(" || exit 126\nexec");
        foreach (var word in (IEnumerable<string>)[command.Program, .. command.Arguments])
        {
            script.Append(' ').Append(Quote(word));
        }

        return script.Append('\n').Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r").ToString();
    }
}
