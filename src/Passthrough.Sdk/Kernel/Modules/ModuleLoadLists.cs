using System.Collections.Frozen;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>Reads which modules are to be loaded at boot: modules-load.d(5), and /etc/modules, which it took over.</summary>
internal static class ModuleLoadLists
{
    private static readonly string[] Directories = ["/etc/modules-load.d", "/run/modules-load.d", "/usr/local/lib/modules-load.d", "/usr/lib/modules-load.d", "/lib/modules-load.d"];

    /// <summary>The modules with the file that names each; unknown as soon as one file cannot be read.</summary>
    public static Fact<FrozenDictionary<string, string>> Read(ISysfs files)
    {
        var modules = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var directory in Directories)
        {
            var names = files.List(directory);
            if (names.IsUnknown)
            {
                return Fact.Unknown<FrozenDictionary<string, string>>(directory, names.Reason!);
            }

            foreach (var name in names.Value)
            {
                if (name.EndsWith(".conf", StringComparison.Ordinal) && seen.Add(name) && Add(files.ReadText($"{directory}/{name}")) is { } problem)
                {
                    return problem;
                }
            }
        }

        return Add(files.ReadText("/etc/modules")) ?? Fact.Known(modules.ToFrozenDictionary(StringComparer.Ordinal), Directories[0]);

        Fact<FrozenDictionary<string, string>>? Add(Fact<string> text)
        {
            // A word behind the name is an option to modprobe (/etc/modules) or nothing at all (modules-load.d).
            foreach (var line in (text.Value ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (line[0] is not ('#' or ';'))
                {
                    modules.TryAdd(KernelNames.Canonical(line.Split((char[]?)null, 2)[0]), text.Source);
                }
            }

            return text.IsUnknown ? Fact.Unknown<FrozenDictionary<string, string>>(text.Source, text.Reason!) : null;
        }
    }
}
