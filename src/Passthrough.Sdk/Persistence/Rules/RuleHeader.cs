using System.Security.Cryptography;
using System.Text;

namespace Passthrough.Sdk.Persistence.Rules;

/// <summary>The comment at the beginning of a rule file: the model that it was written from, and a hash that shows whether it was edited.</summary>
internal static class RuleHeader
{
    private const string Title = "# Written by Passthrough.Sdk. If you edit this file, it is no longer replaced or removed without your consent.\n";
    private const string Model = "# model: ";
    private const string Hash = "# sha256: ";

    /// <summary>Returns the file with its header.</summary>
    public static string Seal(string rules, string model)
    {
        var before = $"{Title}{Model}{model}\n";
        return $"{before}{Hash}{HashOf(before, rules)}\n{rules}";
    }

    /// <summary>Returns the model in a file, and whether the file is as it was written.</summary>
    /// <param name="text">The file.</param>
    /// <param name="model">The JSON of the model; empty if the file has none.</param>
    public static bool IsSealed(string text, out string model)
    {
        model = "";
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var feed ? feed + 1 : text.Length;
            var line = text[start..end].TrimEnd();
            if (model.Length == 0 && line.StartsWith(Model, StringComparison.Ordinal))
            {
                model = line[Model.Length..];
            }
            else if (line.StartsWith(Hash, StringComparison.Ordinal))
            {
                return line[Hash.Length..] == HashOf(text[..start], text[end..]);
            }

            start = end;
        }

        return false;
    }

    private static string HashOf(string before, string after) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before + after)));
}
