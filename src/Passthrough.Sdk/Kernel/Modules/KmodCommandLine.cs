using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>Reads the kernel's command line as kmod does it, which is not how the kernel reads it.</summary>
/// <remarks>
/// Source: kmod, libkmod/libkmod-config.c, kmod_config_parse_kcmdline: the whole line counts, what follows a bare <c>--</c>
/// included; only <c>module.parameter</c> without a second dot or a quote before the value is taken; a value keeps its quotes.
/// </remarks>
internal static class KmodCommandLine
{
    private const string Program = "modprobe";
    private const string Blacklist = "blacklist=";

    /// <summary>Returns the additions of the line to the modprobe configuration, in order.</summary>
    /// <param name="text">The line, such as the content of <c>/proc/cmdline</c>.</param>
    /// <param name="source">The path that the directives name.</param>
    public static ValueList<ModuleDirective> Parse(string text, string source)
    {
        var directives = new List<ModuleDirective>();
        foreach (var word in Words(text))
        {
            if (Split(word) is not { } option)
            {
                continue;
            }

            if (option.Module == Program && option.Parameter.StartsWith(Blacklist, StringComparison.Ordinal))
            {
                directives.AddRange(option.Parameter[Blacklist.Length..].Split(',').Where(name => name.Length > 0)
                    .Select(name => new ModuleDirective(ModuleDirectiveKind.Blacklist, name, "", source, 0)));
            }
            else
            {
                directives.Add(new ModuleDirective(ModuleDirectiveKind.Options, KernelNames.Canonical(option.Module), option.Parameter, source, 0));
            }
        }

        return directives.ToValueList();
    }

    private static IEnumerable<string> Words(string text)
    {
        var isQuoted = false;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"')
            {
                isQuoted = !isQuoted;
            }

            if (i == text.Length || (!isQuoted && KernelNames.Blanks.Contains(text[i])))
            {
                if (i > start)
                {
                    yield return text[start..i];
                }

                start = i + 1;
            }
        }
    }

    // A quote before the whole moves behind the equals sign, since a boot loader may have put it there.
    private static (string Module, string Parameter)? Split(string word)
    {
        var isQuoted = word[0] == '"';
        var body = isQuoted ? word[1..] : word;
        var dot = body.IndexOf('.', StringComparison.Ordinal);
        var equals = body.IndexOf('=', StringComparison.Ordinal);
        var head = equals < 0 ? body : body[..equals];
        if (dot < 0 || dot >= head.Length || head.Contains('"', StringComparison.Ordinal) || head.LastIndexOf('.') != dot
            || head.AsSpan().ContainsAny(KernelNames.Blanks))
        {
            return null;
        }

        var value = equals < 0 ? "" : (isQuoted ? "=\"" : "=") + body[(equals + 1)..];
        return (body[..dot], head[(dot + 1)..] + value);
    }
}
