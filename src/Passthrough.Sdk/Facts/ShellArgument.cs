using System.Globalization;
using System.Text;

namespace Passthrough.Sdk.Facts;

/// <summary>Writes names into commands that people copy into a shell.</summary>
/// <remarks>
/// A container names its own interfaces, and anybody who may mount names a mount point: without quotes such a name could run as a
/// command of the administrator who follows a remedy.
/// </remarks>
internal static class ShellArgument
{
    /// <summary>Returns a name as one word of a shell: as it is if nothing in it means anything to a shell, quoted otherwise.</summary>
    /// <param name="name">The name.</param>
    public static string Of(string name) =>
        name.Length > 0 && name.All(IsPlain) ? name
        : name.Any(char.IsControl) ? WithEscapes(name)
        : $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Returns names as words of a shell, with blanks between them.</summary>
    /// <param name="names">The names.</param>
    public static string Of(IEnumerable<string> names) => string.Join(' ', names.Select(Of));

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '/' or ':' or '@' or '%' or '+' or ',' or '=';

    // $'...' of bash: nothing unprintable reaches the terminal.
    private static string WithEscapes(string name)
    {
        var text = new StringBuilder("$'");
        foreach (var letter in name)
        {
            _ = letter is '\'' or '\\' ? text.Append('\\').Append(letter)
                : char.IsControl(letter) ? text.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}")
                : text.Append(letter);
        }

        return text.Append('\'').ToString();
    }
}
