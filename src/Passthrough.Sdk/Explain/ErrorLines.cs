using Passthrough.Sdk.Explain.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain;

/// <summary>Splits a text into lines and removes the prefixes of programs: times, names, levels, the argument that they refer to.</summary>
internal static class ErrorLines
{
    /// <summary>The rest of a longer text is ignored: no program prints this much about one error.</summary>
    public const int MostCharacters = 256 * 1024;

    private const int MostLineCharacters = 8 * 1024;

    /// <summary>Returns the meaningful lines in plain characters (<see cref="CleanText"/>).</summary>
    public static ValueList<string> Of(string text)
    {
        var lines = new List<string>();
        foreach (var line in text.AsSpan(0, Math.Min(text.Length, MostCharacters)).EnumerateLines())
        {
            var plain = CleanText.Of(line[..Math.Min(line.Length, MostLineCharacters)]);
            if (plain.Length > 0)
            {
                lines.Add(plain);
            }
        }

        return lines.ToValueList();
    }

    /// <summary>Returns a line without the prefixes of its message.</summary>
    public static string Peel(string line) => LinePrefix.Peel(line).ToString();
}
