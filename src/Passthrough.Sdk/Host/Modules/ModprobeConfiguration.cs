using System.Collections.Immutable;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Host.Modules;

/// <summary>Reads the text of a modprobe.d file and the parameters that mean the same on the kernel command line.</summary>
internal static class ModprobeConfiguration
{
    /// <summary>kmod's own order: a file hides those of the same name in the directories behind it.</summary>
    public static readonly ImmutableArray<string> Directories =
        ["/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"];

    /// <summary>The directives of a file; one that goes on over several lines has the number of the first.</summary>
    public static ImmutableArray<ModuleDirective> Parse(string text, string source)
    {
        var directives = ImmutableArray.CreateBuilder<ModuleDirective>();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int first = i + 1;
            string line = lines[i].TrimEnd('\r');

            // A backslash before the line feed joins the next line, as kmod does it.
            while (line.EndsWith('\\') && i + 1 < lines.Length)
            {
                line = line[..^1] + lines[++i].TrimEnd('\r');
            }

            if (Directive(line, source, first) is { } directive)
            {
                directives.Add(directive);
            }
        }

        return directives.ToImmutable();
    }

    public static ImmutableArray<ModuleDirective> FromCommandLine(KernelCommandLine commandLine)
    {
        const string Source = "/proc/cmdline";
        var directives = ImmutableArray.CreateBuilder<ModuleDirective>();
        foreach (KernelParameter parameter in commandLine.Parameters)
        {
            if (parameter.IsNamed("module_blacklist") || parameter.IsNamed("modprobe.blacklist"))
            {
                var kind = parameter.IsNamed("module_blacklist") ? ModuleDirectiveKind.KernelBlacklist : ModuleDirectiveKind.Blacklist;
                directives.AddRange(parameter.Options.Where(o => o.Length > 0)
                    .Select(module => new ModuleDirective(kind, KernelNames.Canonical(module), "", Source, 0)));
            }
            else if (parameter.Name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
            {
                string option = parameter.Value is null ? parameter.Name[(dot + 1)..] : $"{parameter.Name[(dot + 1)..]}={parameter.Value}";
                directives.Add(new ModuleDirective(
                    ModuleDirectiveKind.Options, KernelNames.Canonical(parameter.Name[..dot]), option, Source, 0));
            }
        }

        return directives.ToImmutable();
    }

    private static ModuleDirective? Directive(string line, string source, int number)
    {
        string[] words = line.Split([' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 2 || words[0][0] == '#')
        {
            return null;
        }

        string argument = words.Length > 2 ? words[2] : "";
        string module = KernelNames.Canonical(words[1]);
        return words[0] switch
        {
            "blacklist" => new(ModuleDirectiveKind.Blacklist, module, "", source, number),
            "install" => new(ModuleDirectiveKind.Install, module, argument, source, number),
            "remove" => new(ModuleDirectiveKind.Remove, module, argument, source, number),
            "options" => new(ModuleDirectiveKind.Options, module, argument, source, number),
            "alias" => new(ModuleDirectiveKind.Alias, words[1], argument, source, number),
            "softdep" => new(ModuleDirectiveKind.SoftDependency, module, argument, source, number),
            _ => null,
        };
    }
}
