using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>Reads the text of a modprobe.d file and the parameters that mean the same on the kernel command line.</summary>
internal static class ModprobeConfiguration
{
    /// <summary>kmod's own order: a file hides those of the same name in the directories behind it.</summary>
    public static readonly ValueList<string> Directories =
        ["/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"];

    /// <summary>Chooses the files that kmod reads, in its order: by name, and of each name the one in the first directory.</summary>
    /// <param name="paths">The files of all <see cref="Directories"/>, in their order.</param>
    public static IEnumerable<string> InForce(IEnumerable<string> paths) => paths
        .Where(path => path.EndsWith(".conf", StringComparison.Ordinal))
        .DistinctBy(Path.GetFileName, StringComparer.Ordinal)
        .OrderBy(Path.GetFileName, StringComparer.Ordinal);

    /// <summary>The directives of a file; one that goes on over several lines has the number of the first.</summary>
    public static ValueList<ModuleDirective> Parse(string text, string source)
    {
        var directives = new List<ModuleDirective>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var first = i + 1;
            var line = lines[i].TrimEnd('\r');

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

        return directives.ToValueList();
    }

    /// <summary>Returns the additions of the kernel's command line: modules that the kernel itself refuses, and kmod's reading of the line.</summary>
    public static ValueList<ModuleDirective> FromCommandLine(KernelCommandLine commandLine)
    {
        const string Source = "/proc/cmdline";
        return
        [
            .. commandLine.Effective(ParameterReadings.ModuleBlacklist).SelectMany(parameter => parameter.Options).Where(name => name.Length > 0)
                .Select(name => new ModuleDirective(ModuleDirectiveKind.KernelBlacklist, name, "", Source, 0)),
            .. KmodCommandLine.Parse(commandLine.Text, Source),
        ];
    }

    private static ModuleDirective? Directive(string line, string source, int number)
    {
        var words = line.Split([' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 2 || words[0][0] == '#')
        {
            return null;
        }

        var argument = words.Length > 2 ? words[2] : "";
        var module = KernelNames.Canonical(words[1]);
        return words[0] switch
        {
            "blacklist" => new(ModuleDirectiveKind.Blacklist, module, "", source, number),
            "install" => new(ModuleDirectiveKind.Install, module, argument, source, number),
            "remove" => new(ModuleDirectiveKind.Remove, module, argument, source, number),
            "options" => new(ModuleDirectiveKind.Options, module, argument, source, number),
            "alias" => new(ModuleDirectiveKind.Alias, module, argument, source, number),
            "softdep" => new(ModuleDirectiveKind.SoftDependency, module, argument, source, number),
            _ => new(ModuleDirectiveKind.Unrecognized, module, line.Trim(), source, number),
        };
    }
}
