using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>Reads which modules the configuration of an initramfs tool names, in their order.</summary>
/// <remarks>
/// man initramfs-tools(7) (/etc/initramfs-tools/modules), mkinitcpio.conf(5) (MODULES), dracut.conf(5) (force_drivers; add_drivers
/// only copies), booster.yaml(5) (modules_force_load). The image itself is not opened: it may be older than the configuration.
/// </remarks>
internal static class InitramfsModuleReader
{
    private const string DebianList = "/etc/initramfs-tools/modules";
    private const string Booster = "/etc/booster.yaml";
    private const string BoosterKey = "modules_force_load:";

    private static readonly (string File, string[] Directories, string Key)[] Shells =
    [
        ("/etc/mkinitcpio.conf", ["/etc/mkinitcpio.conf.d"], "MODULES"),
        ("/etc/dracut.conf", ["/etc/dracut.conf.d", "/usr/lib/dracut/dracut.conf.d"], "force_drivers"),
    ];

    /// <summary>The modules; absent if no such configuration exists, unknown as soon as one file cannot be read.</summary>
    public static Fact<ValueList<InitramfsModule>> Read(ISysfs files)
    {
        var texts = new List<Fact<string>>();
        var modules = new List<InitramfsModule>();
        var debian = files.ReadText(DebianList);
        texts.Add(debian);
        foreach (var line in Lines(debian))
        {
            modules.Add(new InitramfsModule(KernelNames.Canonical(line.Split((char[]?)null, 2)[0]), DebianList));
        }

        foreach (var (file, directories, key) in Shells)
        {
            foreach (var text in Configuration(files, file, directories))
            {
                texts.Add(text);
                Assign(modules, text, key);
            }
        }

        var booster = files.ReadText(Booster);
        texts.Add(booster);
        foreach (var line in Lines(booster).Where(line => line.StartsWith(BoosterKey, StringComparison.Ordinal)))
        {
            modules.AddRange(Names(line[BoosterKey.Length..], [',', ' ', '\t']).Select(name => new InitramfsModule(name, Booster)));
        }

        return texts.Find(text => text.IsUnknown) is { Source.Length: > 0 } unread ? Fact.Unknown<ValueList<InitramfsModule>>(unread.Source, unread.Reason ?? "not read")
            : texts.Find(text => text.IsKnown) is { Source.Length: > 0 } first ? Fact.Known(modules.ToValueList(), first.Source)
            : Fact.Absent<ValueList<InitramfsModule>>(DebianList);
    }

    private static IEnumerable<Fact<string>> Configuration(ISysfs files, string file, string[] directories)
    {
        yield return files.ReadText(file);
        foreach (var directory in directories)
        {
            var names = files.List(directory);
            if (names.IsUnknown)
            {
                yield return Fact.Unknown<string>(directory, names.Reason ?? "not read");
            }

            foreach (var name in names.Value.Where(name => name.EndsWith(".conf", StringComparison.Ordinal)))
            {
                yield return files.ReadText($"{directory}/{name}");
            }
        }
    }

    // KEY=(a b), KEY="a b", KEY+=...: what precedes a plain assignment is replaced by it.
    private static void Assign(List<InitramfsModule> modules, Fact<string> text, string key)
    {
        foreach (var line in Lines(text).Where(line => line.StartsWith(key, StringComparison.Ordinal)))
        {
            var rest = line[key.Length..];
            var isAddition = rest.StartsWith("+=", StringComparison.Ordinal);
            if (!isAddition && !rest.StartsWith('='))
            {
                continue;
            }

            if (!isAddition)
            {
                modules.RemoveAll(module => module.Source.Contains(key == "MODULES" ? "mkinitcpio" : "dracut", StringComparison.Ordinal));
            }

            modules.AddRange(Names(rest[(isAddition ? 2 : 1)..].Split('#')[0], [' ', '\t', '(', ')', '"', '\'']).Select(name => new InitramfsModule(name, text.Source)));
        }
    }

    private static IEnumerable<string> Names(string text, char[] separators) =>
        text.Split(separators, StringSplitOptions.RemoveEmptyEntries).Select(KernelNames.Canonical);

    private static IEnumerable<string> Lines(Fact<string> text) =>
        (text.Value ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#');
}
