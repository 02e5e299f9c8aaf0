using System.CommandLine;
using System.Globalization;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Cli.Verbs;

/// <summary>The option <c>--vf "INDEX mac=... vlan=... priority=... protocol=... trust=on|off spoofcheck=on|off"</c>.</summary>
internal static class VirtualFunctionOption
{
    private const string Form = "INDEX mac=ADDRESS vlan=ID priority=0-7 protocol=802.1Q|802.1ad trust=on|off spoofcheck=on|off";

    public static Option<VirtualFunctionSettings[]> Create() => new("--vf")
    {
        Description = $"Settings of one virtual function, for each one an option: \"{Form}\"",
        HelpName = "SETTINGS",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            var all = new List<VirtualFunctionSettings>();
            foreach (var token in result.Tokens)
            {
                if (Parse(token.Value, out var settings) is { } error)
                {
                    result.AddError(error);
                    return [];
                }

                all.Add(settings!);
            }

            return [.. all];
        },
    };

    /// <summary>Reads one element.</summary>
    /// <returns>The reason why the text is not a setting; null if it is one.</returns>
    internal static string? Parse(string text, out VirtualFunctionSettings? settings)
    {
        settings = null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var first, _, ..] || !int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return $"--vf '{text}': expected \"{Form}\", with the index of the virtual function first and at least one setting";
        }

        var read = new VirtualFunctionSettings { Index = index };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in words.Skip(1))
        {
            var (name, value) = word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (word[..at], word[(at + 1)..]) : (word, "");
            var next = (name, value) switch
            {
                ("mac", not "") => read with { MacAddress = value },
                ("vlan", _) when Number(value) is { } id => read with { Vlan = (read.Vlan ?? VlanTag.None) with { Id = id } },
                ("priority", _) when Number(value) is { } priority => read with { Vlan = (read.Vlan ?? VlanTag.None) with { Priority = priority } },
                ("protocol", "802.1ad" or "802.1Q") => read with { Vlan = (read.Vlan ?? VlanTag.None) with { IsServiceTag = value == "802.1ad" } },
                ("trust", "on" or "off") => read with { IsTrusted = value == "on" },
                ("spoofcheck", "on" or "off") => read with { ChecksSpoofing = value == "on" },
                _ => null,
            };
            if (next is null || !seen.Add(name))
            {
                return next is null ? $"--vf '{text}': '{word}' is not a setting; expected \"{Form}\"" : $"--vf '{text}': '{name}' is given twice";
            }

            read = next;
        }

        if ((seen.Contains("priority") || seen.Contains("protocol")) && !seen.Contains("vlan"))
        {
            return $"--vf '{text}': 'priority' and 'protocol' belong to a VLAN; add vlan=ID";
        }

        settings = read;
        return null;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
